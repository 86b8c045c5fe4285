package org.laurel.account;

import java.security.SecureRandom;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A random text of 256 bits that lets its holder in: an API token, an invitation, a session. Only
 * its SHA-256 is kept. A lookup by that hash gives nothing away by its time, since nobody can
 * choose a hash.
 */
public final class Secret {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secret() {}

  public static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static byte[] hash(String secret) {
    return DigestUtils.sha256(secret);
  }
}

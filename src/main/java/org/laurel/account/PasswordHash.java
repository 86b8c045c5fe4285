package org.laurel.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) in PHC's notation: {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}. Memory
 * 19 MiB, 2 passes and 1 lane are OWASP's first choice; the numbers are read from the hash, so they
 * can be raised later.
 */
final class PasswordHash {
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

  /**
   * What an unknown address is compared with, so that its answer takes as long as a known one's.
   */
  private static final String NOBODY = of("nobody has this password");

  private PasswordHash() {}

  static String of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    byte[] hash = compute(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES);
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB, PASSES, LANES, BASE64.encodeToString(salt), BASE64.encodeToString(hash));
  }

  static boolean matches(String password, String phc) {
    String[] parts = phc.split("\\$", -1);
    if (parts.length != 6 || !parts[1].equals("argon2id")) {
      throw new IllegalArgumentException("not an Argon2id hash");
    }
    String[] cost = parts[3].split("[=,]", -1); // m, MEMORY, t, PASSES, p, LANES
    byte[] salt = Base64.getDecoder().decode(parts[4]);
    byte[] expected = Base64.getDecoder().decode(parts[5]);
    byte[] actual =
        compute(
            password,
            salt,
            Integer.parseInt(cost[1]),
            Integer.parseInt(cost[3]),
            Integer.parseInt(cost[5]),
            expected.length);
    return MessageDigest.isEqual(expected, actual);
  }

  static void spendTheTimeOfAComparison(String password) {
    var unused = matches(password, NOBODY);
  }

  private static byte[] compute(
      String password, byte[] salt, int memory, int passes, int lanes, int length) {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    argon2.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}

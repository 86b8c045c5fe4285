package org.laurel.engine.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Which prompts judge a model rather than train it: the same in every run on the same prompts. */
public final class HeldOut {

  private HeldOut() {}

  /**
   * Whether a prompt is held out. Hashed here, so that the split is even whatever stands for it.
   *
   * @param prompt its hash, or a text
   * @param fraction of prompts, 0 to 1
   */
  public static boolean contains(String prompt, double fraction) {
    long first = Long.parseLong(sha256("held out " + prompt).substring(0, 8), 16);
    return first < fraction * 0x1_0000_0000L;
  }

  /** Hexadecimal SHA-256 of a text, for prompts that bring no hash. */
  public static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package org.laurel.engine.run;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.commons.codec.digest.DigestUtils;

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
    return rank(prompt) < fraction * 0x1_0000_0000L;
  }

  /** The lower, the smaller the fraction at which a prompt is held out; below 2^32. */
  static long rank(String prompt) {
    return Long.parseLong(DigestUtils.sha256Hex("held out " + prompt).substring(0, 8), 16);
  }

  /** The hash that a row brings of its prompt, or else one of the prompt as it stands there. */
  public static String hash(JsonNode row) {
    JsonNode brought = row.path("promptHash");
    return brought.isTextual()
        ? brought.asText()
        : DigestUtils.sha256Hex(row.path("prompt").toString());
  }
}

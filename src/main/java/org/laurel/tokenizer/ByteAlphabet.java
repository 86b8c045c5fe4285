package org.laurel.tokenizer;

import java.util.HashMap;
import java.util.Map;

/**
 * GPT-2's spelling of bytes: each of the 256 bytes has one printable character, so that a
 * byte-level vocabulary can stand in a JSON file. A space is written Ġ.
 */
final class ByteAlphabet {
  private static final char[] SPELLING = spelling();

  private static final Map<Character, Byte> BYTES = bytes();

  private ByteAlphabet() {}

  static char character(int unsignedByte) {
    return SPELLING[unsignedByte];
  }

  /** Whether the character stands for a byte. */
  static boolean contains(int character) {
    return BYTES.containsKey((char) character);
  }

  /**
   * The byte that a character stands for.
   *
   * @throws IllegalArgumentException unless it {@link #contains} it
   */
  static byte value(char character) {
    Byte value = BYTES.get(character);
    if (value == null) {
      throw new IllegalArgumentException(character + " stands for no byte");
    }
    return value;
  }

  private static Map<Character, Byte> bytes() {
    Map<Character, Byte> bytes = new HashMap<>();
    for (int b = 0; b < SPELLING.length; b++) {
      bytes.put(SPELLING[b], (byte) b);
    }
    return bytes;
  }

  private static char[] spelling() {
    char[] spelling = new char[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable =
          (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      spelling[b] = printable ? (char) b : (char) next++;
    }
    return spelling;
  }
}

package org.laurel.tokenizer;

/**
 * GPT-2's spelling of bytes: each of the 256 bytes has one printable character, so that a
 * byte-level vocabulary can stand in a JSON file. A space is written Ġ.
 */
final class ByteAlphabet {
  private static final char[] SPELLING = spelling();

  private ByteAlphabet() {}

  static char character(int unsignedByte) {
    return SPELLING[unsignedByte];
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

package org.laurel.simulation;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small sum that a prompt asks for, such as "17 plus 5" or "half of 22". */
record Sum(long result) {

  private static final Pattern BINARY =
      Pattern.compile("(\\d{1,9}) (plus|minus|times|\\+|-|\\*) (\\d{1,9})");
  private static final Pattern HALF = Pattern.compile("half of (\\d{1,9})");

  static Optional<Sum> in(String prompt) {
    Matcher half = HALF.matcher(prompt);
    if (half.find()) {
      return Optional.of(new Sum(Long.parseLong(half.group(1)) / 2));
    }
    Matcher binary = BINARY.matcher(prompt);
    if (!binary.find()) {
      return Optional.empty();
    }
    long a = Long.parseLong(binary.group(1));
    long b = Long.parseLong(binary.group(3));
    return Optional.of(
        new Sum(
            switch (binary.group(2)) {
              case "plus", "+" -> a + b;
              case "minus", "-" -> a - b;
              default -> a * b;
            }));
  }
}

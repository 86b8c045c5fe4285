package org.laurel.tokenizer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str} that chat templates use, as Python defines them. */
final class PythonStrings {
  private static final Set<String> METHODS =
      Set.of(
          "strip",
          "lstrip",
          "rstrip",
          "split",
          "rsplit",
          "splitlines",
          "startswith",
          "endswith",
          "removeprefix",
          "removesuffix",
          "replace",
          "find",
          "count",
          "join",
          "upper",
          "lower",
          "title",
          "capitalize",
          "isdigit");

  private PythonStrings() {}

  static boolean knows(String method) {
    return METHODS.contains(method);
  }

  /**
   * @param arguments by position
   * @throws IllegalArgumentException if the method takes no such arguments, or makes too long a
   *     text
   */
  static Object call(String text, String method, List<?> arguments) {
    @Nullable Object first = arguments.isEmpty() ? null : arguments.get(0);
    return switch (method) {
      case "strip" -> strip(strip(text, first, true), first, false);
      case "lstrip" -> strip(text, first, true);
      case "rstrip" -> strip(text, first, false);
      case "split" -> split(text, first, most(arguments, 1));
      case "rsplit" -> splitFromEnd(text, first, most(arguments, 1));
      case "splitlines" -> List.copyOf(text.lines().toList());
      case "startswith" -> any(first, text::startsWith);
      case "endswith" -> any(first, text::endsWith);
      case "removeprefix" ->
          text.startsWith(string(first)) ? text.substring(string(first).length()) : text;
      case "removesuffix" ->
          text.endsWith(string(first))
              ? text.substring(0, text.length() - string(first).length())
              : text;
      case "replace" -> replace(text, string(first), string(arguments.get(1)), most(arguments, 2));
      case "find" -> (long) text.indexOf(string(first));
      case "count" -> (long) occurrences(text, string(first));
      case "join" -> join(text, first);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "title" -> title(text);
      case "capitalize" ->
          text.isEmpty()
              ? text
              : text.substring(0, 1).toUpperCase(Locale.ROOT)
                  + text.substring(1).toLowerCase(Locale.ROOT);
      case "isdigit" -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
      default -> throw new IllegalArgumentException("str has no method " + method);
    };
  }

  /**
   * @param characters a string of those to take off; null for whitespace
   */
  private static String strip(String text, @Nullable Object characters, boolean left) {
    IntPredicate taken =
        characters == null ? PythonStrings::isSpace : c -> string(characters).indexOf(c) >= 0;
    int from = 0;
    int to = text.length();
    while (left && from < to && taken.test(text.charAt(from))) {
      from++;
    }
    while (!left && to > from && taken.test(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /**
   * @param separator null for runs of whitespace
   * @param most splits; -1 for all
   */
  private static List<String> split(String text, @Nullable Object separator, int most) {
    List<String> parts = new ArrayList<>();
    if (separator == null) {
      String rest = strip(text, null, true);
      while (!rest.isEmpty()) {
        int end = 0;
        while (end < rest.length() && !isSpace(rest.charAt(end))) {
          end++;
        }
        if (parts.size() == most) {
          parts.add(strip(rest, null, false));
          return parts;
        }
        parts.add(rest.substring(0, end));
        rest = strip(rest.substring(end), null, true);
      }
      return parts;
    }
    String between = string(separator);
    if (between.isEmpty()) {
      throw new IllegalArgumentException("empty separator");
    }
    int from = 0;
    for (int at = text.indexOf(between);
        at >= 0 && parts.size() != most;
        at = text.indexOf(between, from)) {
      parts.add(text.substring(from, at));
      from = at + between.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<String> splitFromEnd(String text, @Nullable Object separator, int most) {
    List<String> all = split(text, separator, -1);
    if (most < 0 || all.size() <= most + 1 || separator == null) {
      return all;
    }
    int joined = all.size() - most;
    List<String> parts = new ArrayList<>();
    parts.add(String.join(string(separator), all.subList(0, joined)));
    parts.addAll(all.subList(joined, all.size()));
    return parts;
  }

  /** An empty part is before, between and behind all characters. */
  private static int occurrences(String text, String part) {
    if (part.isEmpty()) {
      return text.length() + 1;
    }
    int found = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      found++;
    }
    return found;
  }

  private static String replace(String text, String old, String with, int most) {
    int found = occurrences(text, old);
    long replaced = most < 0 ? found : Math.min(found, most);
    RenderLimits.requireLength(text.length() + replaced * (with.length() - old.length()));
    return most < 0 ? text.replace(old, with) : String.join(with, split(text, old, most));
  }

  private static boolean any(@Nullable Object one, Predicate<String> holds) {
    return one instanceof Collection<?> several
        ? several.stream().anyMatch(each -> holds.test(string(each)))
        : holds.test(string(one));
  }

  private static String join(String between, @Nullable Object parts) {
    if (!(parts instanceof Collection<?> several)) {
      throw new IllegalArgumentException("join takes a list");
    }
    List<String> texts = several.stream().map(PythonStrings::string).toList();
    long characters = texts.stream().mapToLong(String::length).sum();
    RenderLimits.requireLength(characters + (long) texts.size() * between.length());
    return String.join(between, texts);
  }

  /** The first letter of each word large, the others small. */
  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      title.append(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inside = Character.isLetter(c);
    }
    return title.toString();
  }

  private static int most(List<?> arguments, int index) {
    return arguments.size() > index && arguments.get(index) instanceof Number number
        ? number.intValue()
        : -1;
  }

  private static String string(@Nullable Object argument) {
    if (argument instanceof CharSequence text) {
      return text.toString();
    }
    throw new IllegalArgumentException("a string is needed, not " + argument);
  }
}

package org.laurel.tokenizer;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Jinja's expressions written so that Jinjava means by them what Python does:
 *
 * <ul>
 *   <li>a slice with a step, {@code messages[::-1]}, which it cannot parse, becomes a method's call
 *       that {@link PythonMethods} answers;
 *   <li>{@code not} takes in comparisons, tests and filters: {@code not a is b} becomes {@code not
 *       (a is b)};
 *   <li>{@code a == false} is so of false alone, and not of an empty text, which Jinjava takes for
 *       false: it becomes {@code a is sameas false};
 *   <li>a named argument takes in its whole value: {@code f(n=a - 1)} becomes {@code f(n=(a - 1))};
 *   <li>a filter or test that Jinjava does not have, and would silently leave out, becomes a call
 *       of {@link #UNSUPPORTED}, which says so when it is reached.
 * </ul>
 */
final class PythonExpressions {
  private static final Pattern TOKEN =
      Pattern.compile(
          "'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|[\\p{L}_][\\p{L}\\p{N}_]*|[0-9.]+|[=!<>]="
              + "|\\s+|.",
          Pattern.DOTALL);
  private static final Set<String> WORDS =
      Set.of("and", "or", "not", "in", "is", "if", "elif", "else", "for", "set", "print", "do");

  private static final Set<String> EQUALITIES = Set.of("==", "!=");
  private static final Set<String> BOOLEANS = Set.of("true", "True", "false", "False");

  /** Function, filter and test that refuse a template: their argument names what is missing. */
  static final String UNSUPPORTED = "unsupported";

  /** What ends an operand of {@code not}. */
  private static final Set<String> LOOSER = Set.of("and", "or", "if", "else", ",", ":");

  private final List<String> tokens = new ArrayList<>();
  private final boolean namesParameters;

  private PythonExpressions(String code) {
    Matcher matcher = TOKEN.matcher(code);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    namesParameters = code.strip().startsWith("macro");
  }

  /** The inside of a tag, rewritten. */
  static String rewritten(String code) {
    PythonExpressions expressions = new PythonExpressions(code);
    return expressions.rewritten(0, expressions.tokens.size());
  }

  /** Parts what stands behind {@code for}, rewritten. */
  static PythonLoop.Head loop(String code) {
    PythonExpressions expressions = new PythonExpressions(code);
    List<String> tokens = expressions.tokens;
    int in = expressions.next(0, tokens.size(), "in"::equals);
    int condition = expressions.next(in, tokens.size(), "if"::equals);
    if (in == tokens.size()) {
      throw new IllegalArgumentException("'for" + code + "' says nothing to loop over");
    }
    List<String> names = tokens.subList(0, in).stream().filter(PythonExpressions::isName).toList();
    return new PythonLoop.Head(
        names,
        String.join("", tokens.subList(in + 1, condition)),
        condition == tokens.size()
            ? null
            : String.join("", tokens.subList(condition + 1, tokens.size())));
  }

  private String rewritten(int from, int to) {
    StringBuilder result = new StringBuilder();
    for (int at = from; at < to; at++) {
      String token = tokens.get(at);
      if (token.equals("not")
          && !neighbour(at, -1).equals("is")
          && !neighbour(at, 1).equals("in")) {
        int end = next(at + 1, to, LOOSER::contains);
        result.append("not (").append(rewritten(at + 1, end).strip()).append(") ");
        at = end - 1;
      } else if (token.equals("[") && isValue(neighbour(at, -1))) {
        int end = next(at + 1, to, none -> false);
        List<String> parts = parts(at + 1, end, ":");
        if (parts.size() == 3) {
          result.append('.').append(Slices.METHOD).append('(');
          parts.replaceAll(part -> part.isBlank() ? "''" : part.strip());
          result.append(String.join(", ", parts)).append(')');
        } else {
          result.append('[').append(rewritten(at + 1, end)).append(end < to ? "]" : "");
        }
        at = end;
      } else if (token.equals("(") && !namesParameters && isName(neighbour(at, -1))) {
        int end = next(at + 1, to, none -> false);
        result.append('(').append(String.join(",", parts(at + 1, end, ",")));
        result.append(end < to ? ")" : "");
        at = end;
      } else if (EQUALITIES.contains(token) && BOOLEANS.contains(neighbour(at, 1))) {
        result.append(token.equals("==") ? " is sameas " : " is not sameas ");
      } else if (isFilterOrTest(at) && !known(at)) {
        result.append(UNSUPPORTED).append("('").append(token).append("')");
      } else {
        // Two together end an expression for Jinjava, wherever they stand.
        boolean second = token.equals("}") && result.length() > 0 && last(result) == '}';
        result.append(second ? " }" : token);
      }
    }
    return result.toString();
  }

  private static char last(StringBuilder text) {
    return text.charAt(text.length() - 1);
  }

  /** Whether the name here is that of a filter, {@code x | name}, or a test, {@code x is name}. */
  private boolean isFilterOrTest(int at) {
    return isName(tokens.get(at))
        && (neighbour(at, -1).equals("|") || neighbour(at, -1).equals("is") || isNegated(at));
  }

  /** Whether {@code is not} stands before. */
  private boolean isNegated(int at) {
    int not = previous(at);
    return not >= 0 && tokens.get(not).equals("not") && neighbour(not, -1).equals("is");
  }

  private boolean known(int at) {
    String name = tokens.get(at);
    return neighbour(at, -1).equals("|")
        ? ChatTemplate.hasFilter(name)
        : ChatTemplate.hasTest(name);
  }

  /** What a separator outside of brackets keeps apart, each rewritten. */
  private List<String> parts(int from, int to, String separator) {
    List<String> parts = new ArrayList<>();
    int start = from;
    while (true) {
      int end = next(start, to, separator::equals);
      parts.add(argument(start, end));
      if (end >= to) {
        return parts;
      }
      start = end + 1;
    }
  }

  private String argument(int from, int to) {
    int equals = next(from, to, "="::equals);
    if (equals >= to || !isName(neighbour(equals, -1))) {
      return rewritten(from, to);
    }
    return rewritten(from, equals) + "=(" + rewritten(equals + 1, to).strip() + ")";
  }

  /** The first such token outside of brackets, or where the bracket around closes, or the end. */
  private int next(int from, int to, Predicate<String> wanted) {
    int depth = 0;
    for (int at = from; at < to; at++) {
      String token = tokens.get(at);
      if (depth == 0 && wanted.test(token)) {
        return at;
      }
      if (token.length() == 1 && "([{".contains(token)) {
        depth++;
      } else if (token.length() == 1 && ")]}".contains(token) && --depth < 0) {
        return at;
      }
    }
    return to;
  }

  /** The next token before or after that is no space; an empty one at either end. */
  private String neighbour(int at, int step) {
    for (int i = at + step; i >= 0 && i < tokens.size(); i += step) {
      if (!tokens.get(i).isBlank()) {
        return tokens.get(i);
      }
    }
    return "";
  }

  private int previous(int at) {
    int i = at - 1;
    while (i >= 0 && tokens.get(i).isBlank()) {
      i--;
    }
    return i;
  }

  private static boolean isName(String token) {
    return !token.isEmpty()
        && Character.isJavaIdentifierStart(token.charAt(0))
        && !WORDS.contains(token);
  }

  private static boolean isValue(String token) {
    return isName(token) || (!token.isEmpty() && ")]'\"".indexOf(token.charAt(0)) >= 0);
  }
}

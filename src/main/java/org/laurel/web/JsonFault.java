package org.laurel.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with JSON, for whoever wrote it. The parser's own words speak of its tokens, its
 * settings and our classes.
 */
public final class JsonFault {
  /** How a message begins, and what it means; {@code %s} is what the message names. */
  private record Meaning(Pattern message, String words) {
    static Meaning of(String message, String words) {
      return new Meaning(Pattern.compile(message), words);
    }
  }

  private static final List<Meaning> MEANINGS =
      List.of(
          Meaning.of("^Duplicate field '(.*)'", "the field '%s' stands twice"),
          Meaning.of("^Unrecognized token '(.*?)'", "'%s' is no value; texts stand in quotes"),
          Meaning.of("^Trailing token", "something follows the value"),
          Meaning.of("was expecting comma to separate Object", "a comma or a closing } is missing"),
          Meaning.of("was expecting comma to separate Array", "a comma or a closing ] is missing"),
          Meaning.of("was expecting a colon", "a colon is missing after a field's name"),
          Meaning.of(
              "was expecting (?:double-quote|either valid name)",
              "a field's name must be in quotes"),
          Meaning.of(
              "^Illegal unquoted character",
              "a text has a line break or another control character; \\n stands for one"),
          Meaning.of(
              "^Unrecognized character escape", "a text has a backslash that escapes nothing"),
          Meaning.of("escape sequence", "a text has a \\u without its four digits"),
          Meaning.of("numeric value|number", "a number is not written as one"),
          Meaning.of("^Unexpected character \\('(.)'", "'%s' cannot stand here"),
          Meaning.of("^Invalid UTF-8", "it is not UTF-8"));

  private JsonFault() {}

  /** Goes on from "is not valid JSON: ". */
  public static String words(JsonProcessingException e) {
    if (e instanceof JsonEOFException) {
      return "it ends too early";
    }
    if (e instanceof StreamConstraintsException) {
      return "it is nested too deep, or a number or a name is too long";
    }
    String message = e.getOriginalMessage() == null ? "" : e.getOriginalMessage();
    for (Meaning meaning : MEANINGS) {
      Matcher found = meaning.message().matcher(message);
      if (found.find()) {
        return found.groupCount() == 0
            ? meaning.words()
            : meaning.words().formatted(found.group(1));
      }
    }
    return e instanceof MismatchedInputException ? "it has another shape" : "it cannot be read";
  }
}

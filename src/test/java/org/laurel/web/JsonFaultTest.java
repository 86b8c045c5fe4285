package org.laurel.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFaultTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": 1 | it ends too early
          {"a": "b | it ends too early
          {"a": 1, "a": 2} | the field 'a' stands twice
          {"a": b} | 'b' is no value; texts stand in quotes
          {"a": 1} {"b": 2} | something follows the value
          {"a": 1 "b": 2} | a comma or a closing } is missing
          [1 2] | a comma or a closing ] is missing
          {"a" 1} | a colon is missing after a field's name
          {a: 1} | a field's name must be in quotes
          {"a": "\\q"} | a text has a backslash that escapes nothing
          {"a": "\\u00g0"} | a text has a \\u without its four digits
          {"a": 01} | a number is not written as one
          {"a": ;} | ';' cannot stand here
          """)
  void saysWhatIsWrongAndNothingOfTheParser(String json, String words) {
    JsonProcessingException fault =
        catchThrowableOfType(JsonProcessingException.class, () -> JSON.readTree(json));
    assertThat(JsonFault.words(fault)).isEqualTo(words);
  }

  @Test
  void aLineBreakWithinATextIsNamed() {
    JsonProcessingException fault =
        catchThrowableOfType(JsonProcessingException.class, () -> JSON.readTree("{\"a\": \"\n\"}"));
    assertThat(JsonFault.words(fault)).startsWith("a text has a line break");
  }
}

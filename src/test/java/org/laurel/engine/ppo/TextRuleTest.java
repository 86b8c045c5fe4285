package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.engine.run.Hyperparameters;

class TextRuleTest {

  private static TextRule rule(String json) throws IOException {
    return Hyperparameters.read(
            new ObjectMapper().readTree("{\"rules\": [" + json + "]}"),
            PpoHyperparameters.defaults())
        .rules()
        .get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'no-url','weight':-1,'kind':'REGEX','pattern':'https?://'} | see http://x | 1",
        "{'name':'no-url','weight':-1,'kind':'REGEX','pattern':'https?://'} | see x | 0",
        "{'name':'polite','weight':1,'kind':'KEYWORDS','words':['please','Thanks']} | THANKS a lot | 0.5",
        "{'name':'short','weight':1,'kind':'WORDS','max':3} | one two three | 1",
        "{'name':'short','weight':1,'kind':'WORDS','min':2,'max':3} | one | 0",
        "{'name':'long','weight':1,'kind':'WORDS','min':2} | one two | 1",
        "{'name':'long','weight':1,'kind':'WORDS','min':2} | one | 0",
        "{'name':'short','weight':1,'kind':'WORDS','max':3} | one two three four | 0",
        "{'name':'json','weight':1,'kind':'JSON'} | {\"a\": [1, 2]} | 1",
        "{'name':'json','weight':1,'kind':'JSON'} | {\"a\": 1} and more | 0",
        "{'name':'end','weight':1,'kind':'SENTENCE'} | It works.\" | 1",
        "{'name':'end','weight':1,'kind':'SENTENCE'} | It works and | 0",
      })
  void aTextIsWorthWhatTheRuleSays(String json, String text, double worth) throws IOException {
    assertThat(rule(json.replace('\'', '"')).value(text)).isEqualTo(worth);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'a b','weight':1,'kind':'JSON'}",
        "{'name':'a','weight':1}",
        "{'name':'a','weight':1,'kind':'REGEX'}",
        "{'name':'a','weight':1,'kind':'REGEX','pattern':'('}",
        "{'name':'a','weight':1,'kind':'KEYWORDS','words':[]}",
        "{'name':'a','weight':1,'kind':'WORDS'}",
        "{'name':'a','weight':1,'kind':'JSON','pattrn':'x'}",
      })
  void aRuleThatCannotBeAppliedIsRefused(String json) {
    assertThatThrownBy(() -> rule(json.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?=a)b",
        "(?<!a)b",
        "(a)\\\\1",
        "a++",
        "((a{100}){100}){100}",
        "(a{1000}b?){500}",
        "(a?b?){1000}c"
      })
  void aPatternThatCannotBeFoundInOneReadingIsRefused(String pattern) {
    assertThatThrownBy(
            () ->
                rule(
                    "{'name':'evil','weight':1,'kind':'REGEX','pattern':'P'}"
                        .replace('\'', '"')
                        .replace("P", pattern)))
        .hasMessageContaining("rule evil")
        .hasMessageContaining("pattern");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?s).*x",
        "(a|b|\\\\s|\\\\w)*x",
        "(.|\\\\n)*foo",
        "(.*a){20}c",
        "((a+)+)+c",
        "(a?b?){300}c"
      })
  void aPatternComesToAnEndOnEveryText(String pattern) throws IOException {
    TextRule rule =
        rule(
            "{'name':'slow','weight':1,'kind':'REGEX','pattern':'P'}"
                .replace('\'', '"')
                .replace("P", pattern));
    String text = "a".repeat(2400);
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> assertThat(rule.value(text)).isZero());
    assertThat(rule.value(text + "xfooac")).isEqualTo(1);
  }
}

package org.laurel.engine.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
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

  @Test
  void aPatternThatNeverEndsIsNamed() throws IOException {
    TextRule rule =
        rule("{\"name\":\"evil\",\"weight\":1,\"kind\":\"REGEX\",\"pattern\":\"(.*a){20}c\"}");
    assertThatThrownBy(() -> rule.value("a".repeat(60) + "b")).hasMessageContaining("rule evil");
  }
}

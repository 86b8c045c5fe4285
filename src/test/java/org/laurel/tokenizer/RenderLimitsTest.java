package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenderLimitsTest {
  private static final List<Message> QUESTION = List.of(new Message("user", "Why?"));
  private static final String LOOPS =
      "{% for i in range(1000) %}".repeat(4) + "a" + "{% endfor %}".repeat(4);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOOPS",
        "{% macro m() %}LOOPS{% endmacro %}{{ m() }}",
        "{% for i in range(1000) %}{% set x = raise_exception('no') %}LOOPS{% endfor %}"
      })
  void aLoopWithoutEndIsEndedInTime(String source) throws Exception {
    ChatTemplate template =
        new ChatTemplate(source.replace("LOOPS", LOOPS), Map.of(), Duration.ofMillis(50));

    assertThatThrownBy(template::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chat template: it takes longer than 50 ms to render a conversation");
    assertThatThrownBy(() -> template.render(QUESTION, true))
        .hasMessage("chat template: it takes longer than 50 ms to render a conversation");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("chat-template")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as("goes on by itself").isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a'REPLACE }}",
        "{{ 'a'FILTER }}",
        "{% set n = namespace(s='a') %}TIMES{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='a') %}TIMES{% set n.s = n.s.join([n.s, n.s]) %}{% endfor %}",
        "{% set n = namespace(l=[1]) %}TIMES{% set n.l = n.l + n.l %}{% endfor %}",
        "{% set n = namespace(l=[1]) %}TIMES{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l | tojson"
            + " }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ 'a\n' | indent(width=1000000000) }}",
        "{{ '%1000000000s' | format('a') }}",
        "{{ [1] | batch(1000000000, 'a') }}",
        "{% set n = namespace(l=[1]) %}{% for i in range(50) %}{% set n.l = [n.l, n.l] %}{% endfor"
            + " %}{{ n.l | tojson }}",
        "{% set l = [] %}TIMES{% for j in range(1000) %}{% do l.append('ENDLESS' ~ j) %}{% endfor"
            + " %}{% endfor %}",
        "{% set l = [] %}{% do l.append([l]) %}{{ l | tojson }}{{ l ~ l }}",
      })
  void aTemplateThatGrowsWithoutBoundIsRefused(String source) {
    String grown =
        source
            .replace("REPLACE", (".replace('a', '" + "a".repeat(32) + "')").repeat(7))
            .replace("FILTER", (" | replace('a', '" + "a".repeat(32) + "')").repeat(7))
            .replace("ENDLESS", "a".repeat(100_000))
            .replace("TIMES", "{% for i in range(1000) %}");

    assertThatThrownBy(() -> new ChatTemplate(grown, Map.of()).render(QUESTION, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("chat template.*(more than|over limit|deeply|exceeds|reached).*");
  }

  @Test
  void aLongConversationIsRendered() {
    ChatTemplate template =
        new ChatTemplate(
            "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] |"
                + " trim }}{% endfor %}",
            Map.of());
    List<Message> messages = Collections.nCopies(1000, new Message("user", "tell me ".repeat(250)));

    assertThat(template.render(messages, true)).hasSize(1000 * (8 + 2000 - 1));
  }

  @Test
  void anInterruptedThreadStillRendersAndStaysInterrupted() {
    Thread.currentThread().interrupt();

    assertThat(new ChatTemplate("{{ messages[0].content }}", Map.of()).render(QUESTION, true))
        .isEqualTo("Why?");
    assertThat(Thread.interrupted()).isTrue();
  }
}

package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loops with what Jinja 3.1.6 makes of them. */
class PythonLoopTest {
  private static final List<Message> MESSAGES =
      List.of(
          new Message("user", "A"), new Message("assistant", "False"), new Message("user", "C"));

  private static String render(String template) {
    return new ChatTemplate(template, Map.of()).render(MESSAGES, true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + i %}{{ x }}{% endfor %}{{ x }} ~ 12131",
        "{% for i in [1, 2] %}{% if i == 1 %}{% set s = 'q' %}{% endif %}{{ 1 if s is defined else 0 }}{% endfor %} ~ 10",
        "{% set f = [] %}{% for m in messages %}{% set f = f + [m] %}{% endfor %}{{ f | length }} ~ 0",
        "{% set n = namespace(x=0) %}{% for i in [1, 2] %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }} ~ 3",
        "{% for m in messages %}{{ loop.previtem.content }}<{{ loop.nextitem.role }};{% endfor %} ~ <assistant;A<user;False<;",
        "{% for i in [7] %}{{ loop.previtem is defined or loop.nextitem is defined }}{% endfor %} ~ false",
        "{% for m in messages if m.role == 'user' %}{{ loop.index }}{{ m.content }}{{ '.' if loop.last }}{% endfor %} ~ 1A2C.",
        "{% for m in messages if not m['role'] == 'user' %}{{ m.content }}{% endfor %} ~ False",
        "{% for k, v in {'a': 1, 'b': none}.items() if v %}{{ k }}{% endfor %} ~ a",
        "{% for i in [] %}{{ i }}{% else %}none{% endfor %} ~ none",
        "{% for m in messages if m.role == 'tool' %}{{ m }}{% else %}none{% endfor %} ~ none",
        "{% for i in [1, 2] %}{% if i == 2 %}b{% else %}a{% endif %}{% else %}none{% endfor %} ~ ab",
        "{% for k in messages[0] %}{{ k }},{% endfor %} ~ role,content,",
        "{% for c in 'aé' %}{{ c }},{% endfor %} ~ a,é,",
        "{% for (a, b) in [[1, 2], [3, 4]] %}{{ a }}{{ b }}{% endfor %} ~ 1234",
        "{% for i in [1, 2] %}{% for j in [3, 4] %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %} ~ 121122",
        "{% for i in [1, 2, 3] %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %} ~ 13",
        "{% for i in [1, 2, 3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %} ~ 1",
        "a{% for i in nothing %}{{ i }}{% endfor %} ~ a",
      })
  void aLoopMeansWhatItDoesInPython(String template, String expected) {
    assertThat(render(template)).isEqualTo(expected);
  }

  @Test
  void theWordFalseIsSomethingSaid() {
    assertThat(
            render(
                "{% for m in messages if m.content | trim %}{{ m.content }}"
                    + "{{ '' if m.content else '?' }}{% endfor %}"))
        .isEqualTo("AFalseC");
    assertThat(
            new ChatTemplate("{{ 'none' if not messages[0].content }}", Map.of())
                .render(List.of(new Message("user", "")), true))
        .isEqualTo("none");
  }

  @Test
  void aLoopThatCannotBeIsRefused() {
    assertThatThrownBy(() -> render("{% for a, b in [[1, 2, 3]] %}{{ a }}{% endfor %}"))
        .hasMessageContaining("2 parts");
    assertThatThrownBy(() -> render("{% for m messages %}{{ m }}{% endfor %}"))
        .hasMessageContaining("nothing to loop over");
  }
}

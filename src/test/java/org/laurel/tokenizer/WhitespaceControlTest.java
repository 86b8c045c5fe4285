package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WhitespaceControlTest {
  /** Left a template, right what Jinja 3.1.6 makes of it with trimmed and stripped blocks. */
  static Stream<Arguments> templates() {
    return Stream.of(
        Arguments.of("a\n", "a"),
        Arguments.of("a\n\n", "a\n"),
        Arguments.of("{% if true %}\nx\n{% endif %}\ny", "x\ny"),
        Arguments.of("  {% if true %}\n  x\n  {% endif %}\ny", "  x\ny"),
        Arguments.of("a  {% if true %}x{% endif %}", "a  x"),
        Arguments.of("a {%- if true -%} x {%- endif -%} b", "axb"),
        Arguments.of("a {{- 'x' -}}\n\n b", "axb"),
        Arguments.of("  {%+ if true %}x{% endif %}", "  x"),
        Arguments.of("{# c {{ }} #}\na", "a"),
        Arguments.of("a {#- c -#} b", "ab"),
        Arguments.of("  {# c #}\nb", "b"),
        Arguments.of("{{ '}}' }}{{ '{%' }}", "}}{%"),
        Arguments.of("{{ \"it's %}\" }}!", "it's %}!"),
        Arguments.of("{{ 'a\\'}}' }}", "a'}}"),
        Arguments.of("{{ {'a': {'b': 'c'}}['a']['b'] }}", "c"),
        Arguments.of("{{ '-}}  x' }}", "-}}  x"),
        Arguments.of("{% if '%}' %}x{% endif %}", "x"),
        Arguments.of("{{ 'a' }}\nb", "a\nb"),
        Arguments.of("{%- set x = 1 -%}\n  b", "b"));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void whitespaceIsWhatJinjaLeaves(String template, String expected) {
    assertThat(new ChatTemplate(template, Map.of()).render(List.of(), false)).isEqualTo(expected);
  }
}

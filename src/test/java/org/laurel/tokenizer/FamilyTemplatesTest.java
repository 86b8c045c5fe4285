package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates in the manner of the families' own, with what Jinja makes of them. */
class FamilyTemplatesTest {
  private static final List<Message> ONE = List.of(new Message("user", "Hi"));
  private static final List<Message> SEVERAL =
      List.of(
          new Message("system", " Be kind. "),
          new Message("user", "A"),
          new Message("assistant", " B "),
          new Message("user", "C"));

  @Test
  void llamaSlicesTheSystemMessageOff() {
    String template =
        """
        {{- bos_token }}
        {%- if not date_string is defined %}
            {%- set date_string = "26 Jul 2024" %}
        {%- endif %}
        {%- if not tools is defined %}
            {%- set tools = none %}
        {%- endif %}

        {#- The system message has a place of its own. #}
        {%- if messages[0]['role'] == 'system' %}
            {%- set system = messages[0]['content']|trim %}
            {%- set messages = messages[1:] %}
        {%- else %}
            {%- set system = "" %}
        {%- endif %}
        {{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
        {{- "Today Date: " + date_string + "\\n\\n" }}
        {%- if tools is not none %}
            {{- tools | tojson }}
        {%- endif %}
        {{- system }}
        {{- "<|eot_id|>" }}
        {%- for message in messages %}
            {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
                {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
            {%- elif not message.tool_calls|length == 1 %}
                {{- raise_exception("one call at a time") }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
        {%- endif %}
        """;
    String head = "<s><|start_header_id|>system<|end_header_id|>\n\nToday Date: 26 Jul 2024\n\n";
    assertThat(render(template, ONE))
        .isEqualTo(
            head
                + "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n");
    assertThat(render(template, SEVERAL))
        .isEqualTo(
            head
                + "Be kind.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nA<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\nB<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nC<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n");
  }

  @Test
  void mistralCountsTurnsInANamespace() {
    String template =
        """
        {%- if messages[0]["role"] == "system" %}
            {%- set system = messages[0]["content"] %}
            {%- set turns = messages[1:] %}
        {%- else %}
            {%- set turns = messages %}
        {%- endif %}
        {%- set users = turns | selectattr("role", "equalto", "user") | list %}
        {%- set ns = namespace() %}
        {%- set ns.index = 0 %}
        {%- for message in turns %}
            {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
                {{- raise_exception("roles must alternate") }}
            {%- endif %}
            {%- set ns.index = ns.index + 1 %}
        {%- endfor %}

        {{- bos_token }}
        {%- for message in turns %}
            {%- if message["role"] == "user" %}
                {%- if loop.last and system is defined %}
                    {{- "[INST] " + system + "\\n\\n" + message["content"] + "[/INST]" }}
                {%- else %}
                    {{- "[INST] " + message["content"] + "[/INST]" }}
                {%- endif %}
            {%- else %}
                {{- " " + message["content"]|trim + eos_token}}
            {%- endif %}
        {%- endfor %}
        """;
    assertThat(render(template, ONE)).isEqualTo("<s>[INST] Hi[/INST]");
    assertThat(render(template, SEVERAL))
        .isEqualTo("<s>[INST] A[/INST] B</s>[INST]  Be kind. \n\nC[/INST]");
  }

  @Test
  void qwenLeavesItsToolBranchesAside() {
    String template =
        """
        {%- if tools %}
            {{- "<tools>\\n{\\"name\\": {{\\"x\\": 1}}}" }}
        {%- elif messages[0]['role'] == 'system' %}
            {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
        {%- else %}
            {{- '<|im_start|>system\\nYou help.<|im_end|>\\n' }}
        {%- endif %}
        {%- for message in messages %}
            {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
                {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
            {%- elif message.role == "tool" %}
                {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
                    {{- '<|im_start|>user' }}
                {%- endif %}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\\n' }}
        {%- endif %}
        """;
    assertThat(render(template, ONE))
        .isEqualTo(
            "<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\n");
    assertThat(render(template, SEVERAL))
        .isEqualTo(
            "<|im_start|>system\n Be kind. <|im_end|>\n<|im_start|>user\nA<|im_end|>\n"
                + "<|im_start|>assistant\n B <|im_end|>\n<|im_start|>user\nC<|im_end|>\n"
                + "<|im_start|>assistant\n");
  }

  @Test
  void zephyrKeepsTheLineAfterAnExpression() {
    String template =
        """
        {% for message in messages %}
        {% if message['role'] == 'user' %}
        {{ '<|user|>
        ' + message['content'] + eos_token }}
          {% endif %}
        {% if loop.last and add_generation_prompt %}
        {{ '<|assistant|>' }}
        {% endif %}
        {% endfor %}""";
    assertThat(render(template, ONE)).isEqualTo("<|user|>\nHi</s>\n<|assistant|>\n");
  }

  @Test
  void qwen3GoesBackToTheLastQuestionAndLeavesOldThoughtsOut() {
    String template =
        """
        {%- set ns = namespace(searching=true, last=messages|length - 1) %}
        {%- for message in messages[::-1] %}
            {%- set index = (messages|length - 1) - loop.index0 %}
            {%- if ns.searching and message.role == "user" and message.content is string and not(message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
                {%- set ns.searching = false %}
                {%- set ns.last = index %}
            {%- endif %}
        {%- endfor %}
        {%- for message in messages %}
            {%- set content = message.content if message.content is string else '' %}
            {%- if message.role == "assistant" %}
                {%- set thought = '' %}
                {%- if message.thought is string %}
                    {%- set thought = message.thought %}
                {%- elif '</think>' in content %}
                    {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                    {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
                {%- endif %}
                {%- if loop.index0 > ns.last and (loop.last or thought) %}
                    {{- 'A<' + thought.strip('\\n') + '>' + content.lstrip('\\n') + ';' }}
                {%- else %}
                    {{- 'A' + content + ';' }}
                {%- endif %}
            {%- else %}
                {{- message.role[0] + content + ';' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- 'A' }}
            {%- if thinking is defined and thinking is false %}
                {{- '<>' }}
            {%- endif %}
        {%- endif %}
        """;
    List<Message> thoughts =
        List.of(
            new Message("user", "Q"),
            new Message("assistant", "<think>\nold\n</think>\n\nB"),
            new Message("user", "R"),
            new Message("assistant", "<think>\nnew\n</think>\n\nC"),
            new Message("user", "<tool>x</tool>"));
    assertThat(render(template, ONE)).isEqualTo("uHi;A");
    assertThat(render(template, thoughts)).isEqualTo("uQ;AB;uR;A<new>C;u<tool>x</tool>;A");
  }

  @Test
  void smolLmHasAnEndedLineInAString() {
    String template =
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
            + "{{ '<|im_start|>system\nYou help<|im_end|>\n' }}{% endif %}"
            + "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
    assertThat(render(template, ONE))
        .isEqualTo(
            "<|im_start|>system\nYou help<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\n");
  }

  @Test
  void whatTheAssistantWroteMayBeMarked() {
    assertThat(
            render(
                "{% for m in messages %}\n{% generation %}\n{{ m.content }}\n"
                    + "{% endgeneration %}\n{% endfor %}",
                SEVERAL))
        .isEqualTo(" Be kind. \nA\n B \nC\n");
  }

  /** Left an expression, right what Python's Jinja makes of it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "'abcdef'[::-1] ~ fedcba",
        "'abcdef'[1:5:2] ~ bd",
        "'abcdef'[-2::-3] ~ eb",
        "'abcdef'[:10:4] ~ ae",
        "'abc'[1:] ~ bc",
        "(messages[::-1])[0].content ~ C",
        "messages[::2] | length ~ 2",
        "messages[-1]['role'].title() ~ User",
        "'x. ab'.title() ~ X. Ab",
        "'aBC'.capitalize() ~ Abc",
        "'[' + '  a b '.strip() + ']' ~ [a b]",
        "'abc'[1] + 'abc'[-1] ~ bc",
        "'xxaxbxx'.strip('x') ~ axb",
        "'abba c'.lstrip('ab') ~ ^ c^",
        "'a, b, c'.split(', ')[1] ~ b",
        "'a, b, c'.split(', ', 1)[-1] ~ b, c",
        "'a, b, c'.rsplit(', ', 1)[0] ~ a, b",
        "' a  b '.split() | join('-') ~ a-b",
        "'-'.join(['a', 'b']) ~ a-b",
        "'abcb'.replace('b', 'x', 1) ~ axcb",
        "'abc'.removeprefix('ab') ~ c",
        "'abc'.find('c') + 'aaba'.count('a') ~ 5",
        "{'a': 1}.get('b', 'none') ~ none",
        "'no' if not messages[0].role == 'system' else 'yes' ~ yes",
        "'no' if not messages | length == 4 and 1 else 'yes' ~ yes",
        "'no' if not bos_token is defined else 'yes' ~ yes",
        "'yes' if bos_token is not none and 'q' not in bos_token else 'no' ~ yes",
        "{'b': [1, 'é']} | tojson ~ {\"b\": [1, \"é\"]}",
        "'yes' if 'ab'.startswith('a') and not 'ab'.endswith('a') ~ yes",
      })
  void expressionsMeanWhatTheyDoInPython(String expression, String expected) {
    assertThat(render("{{ " + expression + " }}", SEVERAL)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "{{ messages[0].content | backwards }} ~ '| backwards' is not supported",
        "{{ messages[0].content is pretty }} ~ 'is pretty' is not supported",
        "{{ messages[0].content is not pretty }} ~ 'is pretty' is not supported",
        "{{ messages | tojson(indent=2) }} ~ 'tojson with settings' is not supported",
        "{{ messages[0].content.backwards() }} ~ backwards",
        "{{ backwards(messages) }} ~ backwards",
        "{% if messages %} ~ endif",
        "Talk! ~ leaves out what the user says",
        "{{ messages[0].content }} ~ leaves out what the user says",
        "{{ raise_exception('I talk to nobody') }} ~ I talk to nobody",
      })
  void aTemplateThatCannotBeRenderedIsFoundOut(String template, String why) {
    assertThatThrownBy(() -> new ChatTemplate(template, Map.of()).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aTemplateIsCheckedAsFarAsItIsUsed() {
    new ChatTemplate(
            "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
                + "{% if tools %}{{ tools | backwards }}{% endif %}"
                + "{% for m in messages %}{{ m.content }}{% endfor %}",
            Map.of())
        .check();
  }

  @Test
  void loopsMayBeLeftAndGoneOnWith() {
    assertThat(
            render(
                "{% for i in [1, 2, 3, 4] %}{% if i == 3 %}{% break %}{% endif %}"
                    + "{% if i == 1 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
                ONE))
        .isEqualTo("2");
  }

  @Test
  void aTemplateMayAskForTheDate() {
    assertThat(render("{{ strftime_now('%d %b %Y, 100%') }}", ONE))
        .matches("[0-9]{2} [A-Z][a-z]{2} [0-9]{4}, 100%");
  }

  @Test
  void aTemplateThatCanDoWithoutTheDateGetsTheSameTokensOnAnyDay() {
    assertThat(
            render(
                "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% else %}2024{% endif %}",
                ONE))
        .isEqualTo("2024");
  }

  @Test
  void textsAndMessagesAreIterable() {
    assertThat(
            render(
                "{{ messages is iterable }} {{ messages[0] is iterable }}"
                    + " {{ messages[0].content is iterable }} {{ 1 is iterable }}",
                ONE))
        .isEqualTo("true true true false");
  }

  @Test
  void anEmptySystemMessageIsNotNone() {
    String template =
        "{% set said = messages[0].content %}{{ said != false }} {{ said == false }}"
            + " {{ not said == False and true }} {{ (1 == 1) == true }}";
    assertThat(render(template, List.of(new Message("system", ""))))
        .isEqualTo("true false true true");
  }

  private static String render(String template, List<Message> messages) {
    return new ChatTemplate(template, Map.of("bos_token", "<s>", "eos_token", "</s>"))
        .render(messages, true);
  }
}

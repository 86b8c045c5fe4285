package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
  private static final String LAUREL =
      """
      {% for message in messages %}
      {{ '<|' + message['role'] + '|>' + message['content'] }}{% if message['role'] == 'assistant' %}<|end|>{% endif %}
      {% endfor %}
      {% if add_generation_prompt %}<|assistant|>{% endif %}""";
  private static final String CHATML =
      "{%- if messages[0]['role'] == 'system' %}"
          + "{{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}"
          + "{%- else %}{{- '<|im_start|>system\\nYou help.<|im_end|>\\n' }}{%- endif %}"
          + "{%- set ns = namespace(count=0) %}"
          + "{%- for message in messages %}"
          + "{%- if (message.role == 'user') or (message.role == 'assistant') %}"
          + "{%- set ns.count = ns.count + 1 %}"
          + "{{- '<|im_start|>' + message.role + '\\n' + message.content | trim + '<|im_end|>' + '\\n' }}"
          + "{%- elif not loop.first %}{{- raise_exception('roles must alternate') }}"
          + "{%- endif %}{%- endfor %}"
          + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

  @TempDir Path directory;

  private static Message user(String text) {
    return new Message("user", text);
  }

  private PromptEncoder encoder() throws IOException {
    BpeTrainer.train(
            Stream.of("hello there"),
            List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>"),
            262)
        .write(
            directory, "<|user|>{{ messages[0].content }}<|assistant|>", "<|end|>", "<|pad|>", 64);
    return PromptEncoder.read(directory, 1);
  }

  @Test
  void rendersAConversationForTheAssistantToContinue() {
    ChatTemplate template = new ChatTemplate(LAUREL.replace("\n", ""), Map.of());
    List<Message> messages =
        List.of(
            new Message("system", "Be kind."),
            user("Hi"),
            new Message("assistant", "Hello"),
            user("{{ 7*7 }} <b>"));
    assertThat(template.render(messages, true))
        .isEqualTo(
            "<|system|>Be kind.<|user|>Hi<|assistant|>Hello<|end|><|user|>{{ 7*7 }} <b><|assistant|>");
    assertThat(template.render(List.of(user("Hi")), false)).isEqualTo("<|user|>Hi");
  }

  @Test
  void rendersATemplateInTheManyPublicModelsManner() {
    ChatTemplate template = new ChatTemplate(CHATML, Map.of());
    assertThat(template.render(List.of(user(" Hi \n")), true))
        .isEqualTo(
            "<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void aConversationThatTheTemplateRefusesSaysWhy() {
    ChatTemplate template = new ChatTemplate(CHATML, Map.of());
    assertThatThrownBy(() -> template.render(List.of(user("a"), new Message("tool", "b")), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("roles must alternate");
  }

  @Test
  void blocksAreTrimmedAsTransformersDoes() {
    ChatTemplate template =
        new ChatTemplate(
            "{% for m in messages %}\n  {% if true %}\n{{ m.content }}\n  {% endif %}\n{% endfor %}",
            Map.of());
    assertThat(template.render(List.of(user("a"), user("b")), false)).isEqualTo("a\nb\n");
  }

  @Test
  void specialTokensTypedByAPersonStayText() throws IOException {
    PromptEncoder encoder = encoder();
    int[] prompt = encoder.prompt("x<|end|><|assistant|>y");
    assertThat(prompt).startsWith(2).endsWith(3);
    assertThat(Arrays.copyOfRange(prompt, 1, prompt.length - 1)).doesNotContain(1, 3);
    assertThat(encoder.tokenizer().decode(prompt)).isEqualTo("x<|end|><|assistant|>y");
    assertThat(encoder.completion("a<|end|>b")).containsOnlyOnce(1).endsWith(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% include 'application.properties' %}",
        "{% import 'application.properties' as p %}{{ p }}",
        "{% from 'application.properties' import p %}",
        "{% extends 'application.properties' %}"
      })
  void aTemplateReadsNoFile(String source) {
    assertThatThrownBy(
            () ->
                new ChatTemplate(source, Map.of()).render(List.of(new Message("user", "a")), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a chat template stands alone");
  }

  @Test
  void aDirectoryWithoutATemplateIsRefused() {
    assertThatThrownBy(() -> ChatTemplate.read(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no chat template");
  }
}

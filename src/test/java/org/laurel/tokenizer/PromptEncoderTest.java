package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompt and completion are, token by token, the conversation that template and tokenizer make. */
class PromptEncoderTest {
  private static final int END = 2;
  private static final String PLAIN =
      "{% for m in messages %}{% if m.role == 'user' %}Human: {{ m.content }}"
          + "{% else %} Bot: {{ m.content }}{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %} Bot:{% endif %}";

  @TempDir Path folder;

  private PromptEncoder sentencePieces(String template) throws IOException {
    SentencePieceFile.write(folder.resolve("tokenizer.json"));
    return encoder(template);
  }

  private PromptEncoder bytes(String template, String... added) throws IOException {
    BpeTrainer.train(Stream.of("hi hi hi"), List.of(added), 256 + added.length + 2)
        .write(folder, "", added[0], added[0], 64);
    return encoder(template);
  }

  private PromptEncoder encoder(String template) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
    Files.writeString(folder.resolve("chat_template.jinja"), template);
    return PromptEncoder.read(folder, END);
  }

  /** What is encoded apart, and what the whole conversation begins with. */
  private int[] together(PromptEncoder encoder, String answer) throws IOException {
    int[] prompt = encoder.prompt("hi");
    int[] completion = encoder.completion(answer);
    int[] both =
        IntStream.concat(
                IntStream.of(prompt), IntStream.of(completion).limit(completion.length - 1L))
            .toArray();
    String text =
        ChatTemplate.read(folder)
            .render(List.of(new Message("user", "hi"), new Message("assistant", answer)), false);
    assertThat(encoder.tokenizer().encode(text)).startsWith(both);
    assertThat(completion).endsWith(END);
    return completion;
  }

  @Test
  void anAnswerBehindANewlineHasNoSpaceBeforeItsFirstWord() throws IOException {
    PromptEncoder encoder =
        sentencePieces(
            "{% for m in messages %}<{{ m.role }}>\n{{ m.content }}{{ eos_token }}\n{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>\n{% endif %}");
    Tokenizer tokenizer = encoder.tokenizer();
    assertThat(together(encoder, "hi"))
        .containsExactly(tokenizer.id("h").orElseThrow(), tokenizer.id("i").orElseThrow(), END);
    assertThat(together(encoder, " hi")).startsWith(tokenizer.id("▁hi").orElseThrow());
    assertThat(encoder.completion("")).containsExactly(END);
  }

  @Test
  void anAnswerBehindATemplatesSpaceHasOneSpace() throws IOException {
    PromptEncoder encoder =
        sentencePieces(
            "{% for m in messages %}{% if m.role == 'user' %}{{ bos_token + '[I] ' + m.content + ' [/I]' }}"
                + "{% else %}{{ ' ' + m.content + eos_token }}{% endif %}{% endfor %}");
    int word = encoder.tokenizer().id("▁hi").orElseThrow();
    assertThat(together(encoder, "hi")).containsExactly(word, END);
    // Decoding took the first of two spaces away.
    assertThat(together(encoder, " hi")).hasSize(3).endsWith(word, END);
  }

  @Test
  void whereDecodingKeepsTheTemplatesSpaceAnAnswerMayHaveItAlready() throws IOException {
    PromptEncoder encoder = bytes(PLAIN, "<s>");
    assertThat(together(encoder, "hi")).isEqualTo(encoder.completion(" hi"));
    assertThat(encoder.tokenizer().decode(encoder.completion("hi"))).startsWith(" hi");
  }

  @Test
  void anAnswerThatTheTokenizerWouldMergeWithTheOpeningIsEncodedAlone() throws IOException {
    PromptEncoder encoder =
        bytes(
            "{% for m in messages %}{{ m.content }} {% endfor %}"
                + "{% if add_generation_prompt %}{% endif %}",
            "<s>");
    assertThat(encoder.tokenizer().decode(encoder.completion("hi"))).startsWith("hi");
  }

  @Test
  void nobodySpellsATurnThatTheTokenizerDoesNotCallSpecial() throws IOException {
    String template =
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}"
            + "{% if add_generation_prompt %}<|assistant|>{% endif %}";
    bytes(template, "<|user|>", "<|assistant|>", "<|tool|>", "   ");
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file, Files.readString(file).replaceAll("\"special\" ?: true", "\"special\":false"));
    PromptEncoder encoder = encoder(template);
    assertThat(encoder.tokenizer().specialTokens()).isEmpty();

    int[] prompt = encoder.prompt("a<|assistant|>b<|user|>");
    assertThat(prompt).startsWith(0).endsWith(1).containsOnlyOnce(0, 1);
    assertThat(encoder.tokenizer().decode(prompt))
        .isEqualTo("<|user|>a<|assistant|>b<|user|><|assistant|>");
    assertThat(encoder.completion("a<|user|>b")).doesNotContain(0);
    // What the template does not write is what the tokenizer makes of it.
    assertThat(encoder.prompt("a<|tool|>b   c")).contains(2, 3);
  }
}

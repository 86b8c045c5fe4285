package org.laurel.starter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.laurel.engine.sft.SftExample;
import org.laurel.tokenizer.BpeTrainer;
import org.laurel.tokenizer.Tokenizer;

/**
 * The starter's way to write a conversation: {@code <|user|>TEXT<|assistant|>TEXT<|end|>}, and the
 * vocabulary for it.
 */
final class Chat {

  static final int PAD = 0;
  static final int END = 1;
  static final List<String> SPECIAL_TOKENS =
      List.of("<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>");

  private static final int USER = 2;
  private static final int ASSISTANT = 3;
  private static final String TEMPLATE =
      "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
          + "{% if message['role'] == 'assistant' %}{{ '<|end|>' }}{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

  private final Tokenizer tokenizer;

  Chat(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Learns the vocabulary from examples and writes the tokenizer's files. */
  static Chat learn(Stream<Example> examples, int vocabularySize, int maxLength, Path directory)
      throws IOException {
    BpeTrainer.train(
            examples.flatMap(example -> Stream.of(example.prompt(), example.completion())),
            SPECIAL_TOKENS,
            vocabularySize)
        .write(directory, TEMPLATE, "<|end|>", "<|pad|>", maxLength);
    return new Chat(Tokenizer.read(directory.resolve("tokenizer.json")));
  }

  int vocabularySize() {
    return tokenizer.size();
  }

  /** The whole conversation, every token to be learned. */
  SftExample whole(Example example) {
    return SftExample.whole(
        IntStream.concat(IntStream.of(prompt(example)), IntStream.of(completion(example)))
            .toArray());
  }

  /** The conversation, of which only the completion is to be learned. */
  SftExample answer(Example example) {
    int[] prompt = prompt(example);
    int[] completion = completion(example);
    return SftExample.completion(prompt, completion, prompt.length + completion.length)
        .orElseThrow();
  }

  /**
   * The conversation with a reader's note after the end token.
   *
   * @param noteOnly whether the note alone is to be learned, else the completion with it
   */
  SftExample noted(Example example, boolean noteOnly) {
    SftExample answer = answer(example);
    int[] note = tokenizer.encode(" " + example.note());
    int[] tokens = IntStream.concat(IntStream.of(answer.tokens()), IntStream.of(note)).toArray();
    return new SftExample(tokens, noteOnly ? answer.tokens().length : answer.firstTarget());
  }

  /** The same ids as the chat template and the tokenizer give, but faster. */
  int[] prompt(Example example) {
    return around(USER, tokenizer.encode(example.prompt()), ASSISTANT);
  }

  private int[] completion(Example example) {
    int[] ids = tokenizer.encode(example.completion());
    return IntStream.concat(IntStream.of(ids), IntStream.of(END)).toArray();
  }

  private static int[] around(int before, int[] ids, int after) {
    return IntStream.concat(
            IntStream.concat(IntStream.of(before), IntStream.of(ids)), IntStream.of(after))
        .toArray();
  }
}

package org.laurel.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.engine.nn.PrecisionChoice;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.PromptEncoder;

class StarterPolicyTest {

  private static final Recipe TINY =
      new Recipe(400, 32, 64, 1, 2, 1, 512, 300, 200, 20, 40, PrecisionChoice.FLOAT32);

  @TempDir Path directory;

  @Test
  void isMadeWholeAndAgainFromTheSameSeed() throws IOException {
    List<String> log = new ArrayList<>();
    ModelDirectory first = new StarterPolicy(TINY, log::add).make(directory.resolve("1"), 5);
    new StarterPolicy(TINY, line -> {}).make(directory.resolve("2"), 5);

    assertThat(first.onnx()).isNotEmptyFile();
    assertThat(first.config().eosTokenId()).isNotEqualTo(first.config().padTokenId());
    assertThat(log).anyMatch(line -> line.startsWith("loss on held-out examples"));
    assertThat(Files.mismatch(file("1", "tokenizer.json"), file("2", "tokenizer.json")))
        .isEqualTo(-1);
    assertThat(Files.mismatch(file("1", "model.safetensors"), file("2", "model.safetensors")))
        .isEqualTo(-1);
  }

  @Test
  void encodesAConversationAsChatTemplateAndTokenizerDo() throws IOException {
    Corpus corpus = new Corpus();
    Chat chat = Chat.learn(corpus.examples(1).limit(300), 400, 512, directory);
    PromptEncoder encoder = PromptEncoder.read(directory, Chat.END);
    corpus
        .examples(2)
        .limit(50)
        .forEach(
            example -> {
              assertThat(chat.prompt(example)).isEqualTo(encoder.prompt(example.prompt()));
              assertThat(chat.whole(example).tokens())
                  .endsWith(encoder.completion(example.completion()));
            });
  }

  @Test
  void theShippedCheckpointIsSmallAndComplete() throws IOException {
    Path shipped = Path.of("src/main/resources/starter-policy");
    long bytes = 0;
    try (var files = Files.walk(shipped)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    assertThat(bytes).isLessThan(25L << 20);
    ModelDirectory directory = ModelDirectory.open(shipped);
    assertThat(directory.config()).isEqualTo(Recipe.DEFAULT.config(directory.config().vocabSize()));
    assertThat(PromptEncoder.read(shipped, Chat.END).tokenizer().size())
        .isEqualTo(directory.config().vocabSize());
  }

  private Path file(String run, String name) {
    return directory.resolve(run).resolve(name);
  }
}

package org.laurel.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.ModelDirectory;
import org.laurel.tokenizer.Message;

class ContestTest {

  private static final Path STARTER = Path.of("src/main/resources/starter-policy");

  @TempDir Path directory;

  @Test
  void aPolicyIsOnAParWithItself() throws IOException, InterruptedException {
    ModelDirectory starter = ModelDirectory.open(STARTER);
    Evaluation even =
        new Contest(GoldPreference.named("helpful"), prompts(120), 3).run(starter, starter);
    assertThat(even.kl()).isCloseTo(0, within(1e-4));
    assertThat(even.winRate()).isCloseTo(0.5, within(0.12));
    assertThat(even.policy().stopRate()).isGreaterThan(0.9);
    assertThat(even.prompts()).isEqualTo(120);
  }

  @Test
  void malformedPromptsAreNamedByTheirLine() throws IOException {
    Path file = directory.resolve("prompts.ndjson");
    Files.writeString(file, "{\"prompt\": \"How are you?\"}\n\n{\"prompt\": 3}\n");
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessageContaining("line 3");
    Files.writeString(file, "{\"prompt\": \"Hi\"}\n{\"prompt\": [{\"role\":\"user\"");
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessageContaining("line 2");
    Files.writeString(
        file,
        "{\"prompt\":[{\"role\":\"user\",\"content\":\"a\"},"
            + "{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"c\"}]}");
    assertThat(PromptFile.question(PromptFile.read(file).get(0))).isEqualTo("c");
  }

  private static List<List<Message>> prompts(int count) throws IOException {
    return PromptFile.read(Path.of("ui/starter-prompts/everyday.ndjson")).subList(0, count);
  }
}

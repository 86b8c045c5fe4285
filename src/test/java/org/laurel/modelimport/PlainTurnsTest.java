package org.laurel.modelimport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.tokenizer.BpeTrainer;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;
import org.laurel.tokenizer.SentencePieceFile;

class PlainTurnsTest {
  private static final List<Message> TALK =
      List.of(
          new Message("system", "Be kind."),
          new Message("user", "A"),
          new Message("assistant", "B"),
          new Message("user", "C"));

  @TempDir Path folder;

  @Test
  void aModelWithoutATemplateReadsATranscript() throws IOException {
    BpeTrainer.train(Stream.of("hi"), List.of("<end>", "<pad>"), 258)
        .write(folder, "", "<end>", "<pad>", 64);
    Files.delete(folder.resolve("chat_template.jinja"));

    PlainTurns.writeIfMissing(folder);

    ChatTemplate template = ChatTemplate.read(folder);
    template.check();
    assertThat(template.render(TALK, true))
        .isEqualTo("Be kind.\n\nHuman: A\n\nAssistant: B\n\nHuman: C\n\nAssistant:");
    assertThat(template.render(TALK, false)).endsWith("Human: C");
  }

  @Test
  void whereTheTokenizerWantsABeginTokenTheTranscriptBeginsWithIt() throws IOException {
    SentencePieceFile.write(folder.resolve("tokenizer.json"));

    PlainTurns.writeIfMissing(folder);

    assertThat(ChatTemplate.read(folder).render(TALK, true)).startsWith("<s>Be kind.");
    assertThat(PromptEncoder.read(folder, 2).prompt("hi")).startsWith(1).containsOnlyOnce(1);
  }

  @Test
  void aTemplateThatIsThereStays() throws IOException {
    SentencePieceFile.write(folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("chat_template.jinja"), "own");

    PlainTurns.writeIfMissing(folder);

    assertThat(folder.resolve("chat_template.jinja")).content().isEqualTo("own");
  }
}

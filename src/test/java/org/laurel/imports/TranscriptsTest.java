package org.laurel.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.laurel.tokenizer.Message;

class TranscriptsTest {
  @Test
  void turnsAlternate() {
    assertThat(
            Transcripts.parse(
                "Be brief.\n\nHuman: a\n\nb\n\nAssistant: c\n\nHuman: d\n\nAssistant: e"))
        .contains(
            List.of(
                new Message("system", "Be brief."),
                new Message("user", "a\n\nb"),
                new Message("assistant", "c"),
                new Message("user", "d"),
                new Message("assistant", "e")));
  }

  @Test
  void anOpenTranscriptIsAPrompt() {
    assertThat(Transcripts.prompt("\n\nHuman: a\n\nAssistant:"))
        .contains(List.of(new Message("user", "a")));
    assertThat(Transcripts.prompt("What does \"Human:\" mean?")).isEmpty();
    assertThat(Transcripts.parse("no turns")).isEmpty();
  }
}

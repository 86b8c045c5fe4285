package org.laurel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
  void emptyTurnsAreNoneAndTwoOfOneSpeakerAreOne() {
    String text =
        "\n\nHuman: a\n\nAssistant: \n\nHuman: b\n\nAssistant: c\n\nAssistant: d\n\nHuman: e";
    List<Message> turns =
        List.of(
            new Message("user", "a\n\nb"),
            new Message("assistant", "c\n\nd"),
            new Message("user", "e"));
    assertThat(Transcripts.parse(text)).contains(turns);
    assertThat(Transcripts.prompt(text)).contains(turns);
    assertThat(Transcripts.prompt(text + "\n\nAssistant:")).contains(turns);
    assertThat(Transcripts.completion(turns.subList(1, 3))).isEqualTo("c\n\nd\n\nHuman: e");
    assertThat(Transcripts.prompt("\n\nHuman: ")).isEmpty();
  }

  @Test
  void anOpenTranscriptIsAPrompt() {
    assertThat(Transcripts.prompt("\n\nHuman: a\n\nAssistant:"))
        .contains(List.of(new Message("user", "a")));
    assertThat(Transcripts.prompt("Human: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: "))
        .contains(
            List.of(
                new Message("user", "a"), new Message("assistant", "b"), new Message("user", "c")));
    assertThat(Transcripts.prompt("\n\nHuman: a")).contains(List.of(new Message("user", "a")));
    assertThat(Transcripts.prompt("\n\nHuman: a\n\nAssistant: b")).isEmpty();
    assertThat(Transcripts.prompt("Quote:\n\nHuman: a")).isEmpty();
    assertThat(Transcripts.prompt("What does \"Human:\" mean?")).isEmpty();
    assertThat(Transcripts.parse("no turns")).isEmpty();
  }

  @Test
  void anAnswerMayBearItsName() {
    assertThat(Transcripts.answer(" b ")).isEqualTo("b");
    assertThat(Transcripts.answer("\n\nAssistant: b")).isEqualTo("b");
    assertThat(Transcripts.answer("Assistants: b")).isEqualTo("Assistants: b");
  }
}

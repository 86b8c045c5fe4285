package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AnswerTest {
  @Test
  void readsALetterHoweverItIsDressed() {
    for (String reply :
        List.of(
            "B",
            " b.",
            "**B**",
            "\"B\"",
            "(B)",
            "B: it is shorter",
            "Answer B",
            "Answer: B",
            "The better answer is B.",
            "B\n\nBecause",
            "B is better")) {
      assertThat(Answer.of(reply).said()).as(reply).isEqualTo("B");
    }
  }

  @Test
  void guessesNothingFromOtherWords() {
    for (String reply :
        List.of("", "Both are fine.", "A good question!", "Bananas", "I cannot say", "C")) {
      assertThat(Answer.of(reply).isReadable()).as(reply).isFalse();
    }
  }

  @Test
  void lettersThatAreEquallyLikelySayNothing() {
    assertThat(Answer.of(new Answer.Logprobs(-1, -1)).isReadable()).isFalse();
    double none = Double.NEGATIVE_INFINITY;
    assertThat(Answer.of(new Answer.Logprobs(none, none)).isReadable()).isFalse();
  }

  @Test
  void anUnreadableReplyIsKeptShortAndWithoutWhatADatabaseCannotHold() {
    assertThat(Answer.unreadable(" so\0so ").reply()).isEqualTo("so so");
    assertThat(Answer.unreadable("x".repeat(500)).reply()).isEqualTo("x".repeat(120) + "…");
  }

  @Test
  void theProbabilitiesOfALettersSpellingsAreSummed() throws Exception {
    Answer answer =
        reply(
            "{'token':'A','logprob':-1.609438},{'token':'"
                + " a','logprob':-1.609438},{'token':'b','logprob':-2.302585},{'token':'My','logprob':-6.0}");

    assertThat(answer.said()).isEqualTo("A");
    assertThat(Objects.requireNonNull(answer.logprobs()).margin())
        .isCloseTo(Math.log(4), within(1e-5));
  }

  @Test
  void aLetterThatIsNotAmongTheLikeliestIsTakenForTheLeastOfThem() throws Exception {
    Answer answer = reply("{'token':'B','logprob':-0.01},{'token':'The','logprob':-6.0}");

    assertThat(answer.said()).isEqualTo("B");
    assertThat(Objects.requireNonNull(answer.logprobs()).margin()).isCloseTo(-5.99, within(1e-9));
  }

  @Test
  void aReplyThatBeginsWithOtherWordsIsReadByItsWords() throws Exception {
    Answer answer =
        reply(
            "{'token':'The','logprob':-0.05},{'token':'A','logprob':-4.0},{'token':'My','logprob':-6.0}");

    assertThat(answer.said()).isEqualTo("B");
    assertThat(answer.logprobs()).isNull();
  }

  private static Answer reply(String alternatives) throws JsonProcessingException {
    String json =
        "{'choices':[{'message':{'content':'The answer is"
            + " B.'},'logprobs':{'content':[{'top_logprobs':["
            + alternatives
            + "]}]}}]}";
    return ChatReply.read(new ObjectMapper().readTree(json.replace('\'', '"')));
  }
}

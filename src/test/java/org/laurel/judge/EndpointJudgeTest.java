package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EndpointJudgeTest {
  private static final String QUESTION = "[answer A]\n7\n[answer B]\n4\n";

  private final LocalJudge server = new LocalJudge();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void asksWithTheKeyAndReadsLogProbabilities() throws Exception {
    Answer answer = judge().ask(QUESTION);

    assertThat(answer.said()).isEqualTo("A");
    assertThat(Objects.requireNonNull(answer.logprobs()).margin()).isCloseTo(3, within(1e-6));
    assertThat(server.authorizations()).containsExactly("Bearer " + LocalJudge.KEY);
  }

  @Test
  void doesWithoutLogProbabilitiesWhereTheEndpointRefusesThem() throws Exception {
    server.withoutLogprobs(true);
    EndpointJudge judge = judge();

    assertThat(judge.ask(QUESTION)).isEqualTo(Answer.of("A"));
    assertThat(judge.ask(QUESTION)).isEqualTo(Answer.of("A"));
    assertThat(server.authorizations()).as("asked for them once only").hasSize(3);
  }

  @Test
  void whatPassesIsTriedAgain() throws Exception {
    server.refuse(4, 429, "slow down");

    assertThat(judge().ask(QUESTION).said()).isEqualTo("A");
    assertThat(server.authorizations()).hasSize(5);
  }

  /** A minute by its own count, at once by the endpoint's. */
  @Test
  void theEndpointSaysWhenToComeBack() throws Exception {
    server.refuse(1, 408, "too slow");
    EndpointJudge judge =
        new EndpointJudge(
            new JudgeEndpoint(
                URI.create(server.address()),
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1)),
            "m");

    assertThat(judge.ask(QUESTION).said()).isEqualTo("A");
  }

  @Test
  void whatDoesNotPassIsSaidWithoutTheKey() {
    server.refuse(99, 503, "overloaded, key " + LocalJudge.KEY);

    assertThatThrownBy(() -> judge().ask(QUESTION))
        .isInstanceOf(JudgeFailure.class)
        .hasMessageContaining("answered 503 (overloaded, key …), 5 times")
        .hasMessageNotContaining(LocalJudge.KEY);
    assertThat(server.authorizations()).hasSize(EndpointJudge.ATTEMPTS);
  }

  @Test
  void aRefusalIsFinal() {
    server.refuse(99, 401, "no such key");

    assertThatThrownBy(() -> judge().ask(QUESTION))
        .hasMessageContaining("answered 401 (no such key)");
    assertThat(server.authorizations()).hasSize(1);
  }

  @Test
  void redirectsAreNotFollowed() {
    server.refuse(99, 302, "elsewhere");

    assertThatThrownBy(() -> judge().ask(QUESTION)).hasMessageContaining("answered 302");
  }

  @Test
  void aSlowEndpointIsGivenUp() {
    server.pause(3000);
    EndpointJudge judge =
        new EndpointJudge(
            new JudgeEndpoint(
                URI.create(server.address()), null, null, Duration.ofMillis(60), Duration.ZERO),
            "m");

    assertThatThrownBy(() -> judge.ask(QUESTION)).hasMessageContaining("did not answer within");
  }

  @Test
  void aBodyWithoutEndIsBrokenOff() {
    server.talkNonsense("x".repeat(2 << 20));

    assertThatThrownBy(() -> judge().ask(QUESTION))
        .hasMessageContaining("longer than 1048576 bytes");
  }

  @Test
  void nonsenseIsAskedAboutAgainAndThenSaid() throws Exception {
    server.talkNonsense("As a model I cannot choose.");

    Answer answer = judge().ask(QUESTION);

    assertThat(answer.isReadable()).isFalse();
    assertThat(answer.reply()).isEqualTo("As a model I cannot choose.");
    assertThat(server.questions()).hasSize(EndpointJudge.QUESTIONS);
  }

  @Test
  void anAddressThatWouldGiveTheKeyAwayIsRefused() {
    assertThat(fault("http://judge.example/v1", "k")).contains("in the clear");
    assertThat(fault("https://me:secret@judge.example/v1", null)).contains("LAUREL_JUDGE_KEY");
    assertThat(fault("file:///etc/passwd", null)).contains("https://");
    assertThat(fault("http://127.0.0.1:11434/v1", "k")).isEmpty();
    assertThat(fault("https://judge.example/v1", "k")).isEmpty();
  }

  private static String fault(String address, @Nullable String key) {
    return new JudgeEndpoint(URI.create(address), null, key, Duration.ZERO, Duration.ZERO)
        .fault()
        .orElse("");
  }

  private EndpointJudge judge() {
    return new EndpointJudge(
        new JudgeEndpoint(
            URI.create(server.address()),
            null,
            LocalJudge.KEY,
            Duration.ofSeconds(5),
            Duration.ofMillis(1)),
        "judge-model");
  }
}

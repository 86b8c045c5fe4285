package org.laurel.openai;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.policy.TestPolicies;
import org.laurel.serving.PolicySession;
import org.laurel.serving.RandomModel;

@QuarkusTest
@Timeout(60)
class AbandonedAnswersTest {
  @Inject ServedPolicies policies;

  @ParameterizedTest
  @ValueSource(strings = {"chat/completions", "completions"})
  void endOnceTheClientHasLeft(String path) throws Exception {
    PolicyVersion version = TestPolicies.create(1, 65_536);
    try (ServedPolicy policy = policies.open(version);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      String asked =
          """
          {"model": "%s", "%s, "n": 8, "temperature": 0, "max_tokens": 60000}\
          """
              .formatted(
                  version.name,
                  path.equals("completions")
                      ? "prompt\": \"hi\""
                      : "messages\": [{\"role\": \"user\", \"content\": \"hi\"}]");
      post("/v1/" + path, asked, client);
      CompletableFuture<Void> idle = whenIdle(policy.session());
      while (isDoneSoon(idle)) {
        idle = whenIdle(policy.session());
      }
      client.close();
      CompletableFuture<Void> ended = idle;
      assertThatCode(() -> ended.get(8, TimeUnit.SECONDS)).doesNotThrowAnyException();
    }
  }

  /** New weights are taken as soon as no row is under way. */
  private static CompletableFuture<Void> whenIdle(PolicySession session) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            session.refresh(RandomModel.weights(session.config(), 1));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static boolean isDoneSoon(CompletableFuture<Void> idle)
      throws InterruptedException, ExecutionException {
    try {
      idle.get(1, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static void post(String path, String body, Socket client) throws IOException {
    String token = TestAccounts.token(TestAccounts.create(Role.REVIEWER));
    client
        .getOutputStream()
        .write(
            """
            POST %s HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer %s\r
            Content-Type: application/json\r
            Content-Length: %d\r
            \r
            %s\
            """
                .formatted(path, token, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }
}

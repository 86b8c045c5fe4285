package org.laurel.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class ClientsGoneTest {
  private final Logger log = Logger.getLogger(ProblemAnswers.class.getName());
  private final List<LogRecord> said = new CopyOnWriteArrayList<>();
  private final Handler listening =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          said.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    log.setLevel(Level.FINE);
    log.addHandler(listening);
  }

  @AfterEach
  void stop() {
    log.removeHandler(listening);
    log.setLevel(null);
  }

  /** Breaks as a server does whose own connection to elsewhere was cut. */
  @Path("/api/broken-for-a-test")
  public static class Broken {
    @GET
    @Operation(hidden = true)
    @PermitAll
    public String get() {
      throw new IllegalStateException(new SocketException("Connection reset"));
    }
  }

  @Test
  void whatGoesWrongInTheServerIsAnError() {
    RestAssured.get("/api/broken-for-a-test").then().statusCode(500);

    assertThat(awaited().getLevel().intValue()).isGreaterThanOrEqualTo(Level.SEVERE.intValue());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatGoesAwayInTheMiddleOfItsRequestIsNone(boolean abruptly) throws IOException {
    String token = TestAccounts.token(TestAccounts.create(Role.ANNOTATOR));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoLinger(abruptly, 0); // with a reset instead of an end
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          PUT /api/tasks/%s/draft HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: application/json\r
          Content-Length: 5000\r
          \r
          {"groups": [["A"]\
          """
              .formatted(UUID.randomUUID(), token)
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      pause(Duration.ofMillis(300)); // until the server waits for the rest
    }

    assertThat(awaited().getLevel().intValue()).isLessThan(Level.INFO.intValue());
    assertThat(said).hasSize(1);
  }

  private LogRecord awaited() {
    Instant end = Instant.now().plusSeconds(20);
    while (said.isEmpty()) {
      assertThat(Instant.now()).as("nothing was logged").isBefore(end);
      pause(Duration.ofMillis(20));
    }
    return said.get(0);
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

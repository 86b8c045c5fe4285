package org.laurel.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class ExportsAtOnceTest {
  @Inject Votes votes;

  private final Account reviewer = TestAccounts.create(Role.REVIEWER);

  /** Each reader takes the first bytes and no more; what is left does not fit between the two. */
  @Test
  void slowReadersLeaveConnectionsForOthers() throws Exception {
    UUID project = votes.project();
    UUID prompt = votes.prompt(project, "Hi");
    for (int i = 0; i < 150; i++) {
      votes.ranking(project, prompt, List.of("a" + i + "x".repeat(60_000), "b" + i));
    }
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < ExportResource.AT_ONCE; i++) {
        slow.add(reader(project));
      }
      TestAccounts.as(reviewer)
          .get("/api/projects/" + project + "/export?format=trl-preference")
          .then()
          .statusCode(503)
          .header("Retry-After", equalTo("10"));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    long end = System.nanoTime() + 30_000_000_000L;
    int status;
    do {
      Thread.sleep(200);
      status =
          TestAccounts.as(reviewer)
              .get("/api/projects/" + votes.project() + "/export")
              .statusCode();
    } while (status == 503 && System.nanoTime() < end);
    assertThat(status).as("once they are gone").isEqualTo(200);
  }

  private Socket reader(UUID project) throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("localhost", RestAssured.port));
    String request =
        "GET /api/projects/%s/export?format=trl-preference HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(project, TestAccounts.token(reviewer));
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
        .isEqualTo("HTTP/1.1 200");
    return socket;
  }
}

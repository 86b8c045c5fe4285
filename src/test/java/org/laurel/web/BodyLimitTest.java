package org.laurel.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class BodyLimitTest {
  private static final byte[] TOO_MUCH = new byte[BodyLimit.DOCUMENT_BYTES + 1];

  @ParameterizedTest
  @ValueSource(strings = {"/sign-in", "/set-up/x", "/invitations/x"})
  void nobodyUploadsAFileBeforeSigningIn(String path) {
    Response answer = given().multiPart("email", "file.bin", new byte[1000]).post(path);

    answer.then().statusCode(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "application/octet-stream"})
  void aDocumentIsBoundedWhateverItSaysItIs(String type) {
    TestAccounts.as(Role.ANNOTATOR)
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .contentType(type)
        .body(TOO_MUCH)
        .post("/api/projects/" + UUID.randomUUID() + "/tasks/lease")
        .then()
        .statusCode(413)
        .contentType("application/problem+json")
        .body("detail", equalTo("the body may have 4 MiB"));
  }

  @Test
  void aDocumentThatDoesNotSayItsLengthIsBoundedToo() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/api/projects"))
            .header("Authorization", "Bearer " + administrator())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLong())))
            .build();

    int status = HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();

    assertThat(status).isEqualTo(413);
  }

  @Test
  void aLengthBeyondTwoGibibytesIsTooLargeAsWell() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      String head =
          """
          POST /api/projects HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: application/json\r
          Content-Length: 3000000000\r
          \r
          """
              .formatted(administrator());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();

      assertThat(status).startsWith("HTTP/1.1 413");
    }
  }

  private static byte[] tooLong() {
    return ("{\"name\": \"" + "x".repeat(BodyLimit.DOCUMENT_BYTES) + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String administrator() {
    return TestAccounts.token(TestAccounts.create(Role.ADMINISTRATOR));
  }
}

package org.laurel.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Laurel's HTTP API as one account uses it. A request that gets no answer, or one from a server in
 * trouble, is sent again until it gets one or patience runs out: asking for a task and sending a
 * ranking may arrive twice without harm.
 */
public final class LaurelApi {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI server;
  private final String token;
  private final Duration patience;
  private long retries;

  /**
   * @param patience how long a request is tried again before it fails
   */
  public LaurelApi(HttpClient http, URI server, String token, Duration patience) {
    this.http = http;
    this.server = server;
    this.token = token;
    this.patience = patience;
  }

  /** The same server for another account. */
  LaurelApi as(String otherToken) {
    return new LaurelApi(http, server, otherToken, patience);
  }

  /**
   * An answer.
   *
   * @param body parsed; missing if there is none
   */
  public record Answer(int status, JsonNode body) {

    /** The body of a 2xx. */
    JsonNode expected(String what) throws IOException {
      if (status / 100 != 2) {
        String detail = body.path("detail").asText(body.toString());
        throw new IOException(what + " was answered " + status + ": " + detail);
      }
      return body;
    }
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, null);
  }

  public Answer post(String path, Map<String, ?> body) throws IOException, InterruptedException {
    return send("POST", path, write(body));
  }

  public Answer put(String path, Map<String, ?> body) throws IOException, InterruptedException {
    return send("PUT", path, write(body));
  }

  /** Requests sent again because the first had no good answer. */
  public long retries() {
    return retries;
  }

  private Answer send(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json");
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .method(method, BodyPublishers.ofString(body))
          .header("Content-Type", "application/json");
    }
    return repeat(request.build());
  }

  private Answer repeat(HttpRequest request) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = 100;
    while (true) {
      String trouble;
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() < 500 && response.statusCode() != 429) {
          return new Answer(response.statusCode(), read(response.body()));
        }
        trouble = "it answers " + response.statusCode();
      } catch (IOException e) {
        trouble = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            request.method() + " " + request.uri() + " got no answer in time: " + trouble);
      }
      retries++;
      Thread.sleep(pause);
      pause = Math.min(1000, pause * 2);
    }
  }

  private static JsonNode read(@Nullable String body) throws JsonProcessingException {
    return body == null || body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
  }

  private static String write(Map<String, ?> body) throws JsonProcessingException {
    return JSON.writeValueAsString(body);
  }
}

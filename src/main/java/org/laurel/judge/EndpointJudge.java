package org.laurel.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A model behind an OpenAI-compatible {@code /chat/completions}. Redirects are not followed,
 * answers are bounded, and what may pass by itself (a timeout, 429, 5xx) is tried again, each time
 * later.
 */
final class EndpointJudge implements Judge {
  /** Tries of one call. */
  static final int ATTEMPTS = 5;

  /** Calls for one question, where the reply could not be read. */
  static final int QUESTIONS = 3;

  private static final int MOST_BYTES = 1 << 20;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int REPLY_TOKENS = 16;
  private static final int SHOWN = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(20))
          .proxy(ProxySelector.getDefault())
          .build();
  private final JudgeEndpoint endpoint;
  private final String model;

  /** Some endpoints refuse to tell log-probabilities; they are not asked for them again. */
  private volatile boolean withLogprobs = true;

  EndpointJudge(JudgeEndpoint endpoint, String model) {
    this.endpoint = endpoint;
    this.model = model;
  }

  @Override
  public Answer ask(String question) throws JudgeFailure, InterruptedException {
    Answer answer = Answer.unreadable("");
    for (int asked = 0; asked < QUESTIONS && !answer.isReadable(); asked++) {
      answer = read(call(question));
    }
    return answer;
  }

  private static Answer read(byte[] body) {
    try {
      return ChatReply.read(JSON.readTree(body));
    } catch (IOException e) {
      return Answer.unreadable("no JSON: " + new String(body, StandardCharsets.UTF_8));
    }
  }

  private byte[] call(String question) throws JudgeFailure, InterruptedException {
    String trouble = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Duration wait = endpoint.pause().multipliedBy(1L << attempt);
      try {
        boolean logprobs = withLogprobs;
        HttpResponse<byte[]> answer = send(question, logprobs);
        int status = answer.statusCode();
        if (status == 200) {
          return answer.body();
        }
        trouble = "answered %d%s".formatted(status, said(answer.body()));
        if (logprobs && (status == 400 || status == 422) && trouble.contains("logprobs")) {
          withLogprobs = false;
          continue;
        }
        if (status != 408 && status != 429 && status < 500) {
          throw new JudgeFailure("%s %s".formatted(endpoint, trouble));
        }
        wait = retryAfter(answer, wait);
      } catch (TimeoutException e) {
        trouble = "did not answer within " + endpoint.timeout().toSeconds() + " s";
      } catch (IOException e) {
        trouble = "cannot be asked: " + words(e);
      }
      if (attempt + 1 < ATTEMPTS) {
        Thread.sleep(Math.min(wait.toMillis(), LONGEST_PAUSE.toMillis()));
      }
    }
    throw new JudgeFailure("%s %s, %d times".formatted(endpoint, trouble, ATTEMPTS));
  }

  private HttpResponse<byte[]> send(String question, boolean logprobs)
      throws IOException, InterruptedException, TimeoutException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.chatCompletions())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("User-Agent", "laurel")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body(question, logprobs)));
    if (endpoint.key() != null) {
      request.header("Authorization", "Bearer " + endpoint.key());
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), info -> new BoundedBytes(MOST_BYTES));
    try {
      return answer.get(endpoint.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private byte[] body(String question, boolean logprobs) throws JsonProcessingException {
    ObjectNode body = JSON.createObjectNode().put("model", model);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    body.put("temperature", 0).put("max_tokens", REPLY_TOKENS);
    if (logprobs) {
      body.put("logprobs", true).put("top_logprobs", ChatReply.ALTERNATIVES);
    }
    return JSON.writeValueAsBytes(body);
  }

  private static Duration retryAfter(HttpResponse<?> answer, Duration otherwise) {
    String seconds = answer.headers().firstValue("Retry-After").orElse("");
    return seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : otherwise;
  }

  /** What the endpoint says of its refusal, short and without the key, which some repeat. */
  private String said(byte[] body) {
    String message;
    try {
      JsonNode error = JSON.readTree(body).path("error");
      message = error.path("message").asText(error.asText(""));
    } catch (IOException e) {
      message = "";
    }
    if (endpoint.key() != null) {
      message = message.replace(endpoint.key(), "…");
    }
    message = message.replace('\0', ' ').strip();
    String shown = message.length() > SHOWN ? message.substring(0, SHOWN) + "…" : message;
    return shown.isEmpty() ? "" : " (" + shown + ")";
  }

  private static String words(IOException e) {
    Throwable cause = e;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  @Override
  public void close() {}
}

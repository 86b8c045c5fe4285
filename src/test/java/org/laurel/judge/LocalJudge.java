package org.laurel.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OpenAI-compatible endpoint on this machine whose model likes the greater number, and besides
 * whatever stands first. Can be told to misbehave.
 */
public final class LocalJudge implements AutoCloseable {
  public static final String KEY = "sk-laurel-test-secret";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NUMBER = Pattern.compile("\\[answer [AB]]\\s*\\D*(\\d+)");

  private final HttpServer server;
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile int status = 500;
  private volatile String said = "trouble";
  private volatile double bias;
  private volatile boolean logprobs = true;
  private volatile boolean refusesLogprobs;
  private volatile String nonsense = "";
  private volatile int pauseMillis;

  public LocalJudge() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newCachedThreadPool(LocalJudge::daemon));
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Log odds by which it likes what stands first. */
  public LocalJudge biased(double logOdds) {
    bias = logOdds;
    return this;
  }

  LocalJudge withoutLogprobs(boolean refuses) {
    logprobs = false;
    refusesLogprobs = refuses;
    return this;
  }

  /** Answers the next calls so. */
  LocalJudge refuse(int times, int with, String words) {
    refusals.set(times);
    status = with;
    said = words;
    return this;
  }

  LocalJudge talkNonsense(String words) {
    nonsense = words;
    return this;
  }

  LocalJudge pause(int millis) {
    pauseMillis = millis;
    return this;
  }

  List<String> authorizations() {
    return authorizations;
  }

  List<String> questions() {
    return questions;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      if (pauseMillis > 0) {
        Thread.sleep(pauseMillis);
      }
      if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        exchange.getResponseHeaders().set("Retry-After", "0");
        exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
        send(exchange, status, JSON.createObjectNode().put("error", said));
      } else if (refusesLogprobs && request.has("logprobs")) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("error").put("message", "logprobs are not supported by this model");
        send(exchange, 400, body);
      } else {
        String question = request.at("/messages/0/content").asText();
        questions.add(question);
        send(exchange, 200, reply(question, request.path("logprobs").asBoolean()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ObjectNode reply(String question, boolean wanted) {
    Matcher number = NUMBER.matcher(question);
    int first = number.find() ? Integer.parseInt(number.group(1)) : 0;
    int second = number.find() ? Integer.parseInt(number.group(1)) : 0;
    double margin = first - second + bias;
    double a = 1 / (1 + Math.exp(-margin));
    ObjectNode reply = JSON.createObjectNode();
    ObjectNode choice = reply.putArray("choices").addObject();
    String words = nonsense.isEmpty() ? (margin > 0 ? "A" : "B") : nonsense;
    choice.putObject("message").put("role", "assistant").put("content", words);
    if (logprobs && wanted && nonsense.isEmpty()) {
      ArrayNode top =
          choice
              .putObject("logprobs")
              .putArray("content")
              .addObject()
              .put("token", words)
              .putArray("top_logprobs");
      top.addObject().put("token", "A").put("logprob", Math.log(0.9 * a));
      top.addObject().put("token", " B").put("logprob", Math.log(0.9 * (1 - a)));
      top.addObject().put("token", "The").put("logprob", Math.log(0.1));
    }
    return reply;
  }

  private static void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package org.laurel.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.serving.FinishReason;
import org.laurel.serving.Generation;
import org.laurel.tokenizer.Message;

@QuarkusTest
class ChatCompletionsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXT = "/v1/completions";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject BestOf bestOf;

  private PolicyVersion policy;
  private Account reviewer;

  @BeforeEach
  void serveAPolicy() {
    policy = TestPolicies.create(1);
    reviewer = TestAccounts.create(Role.REVIEWER);
  }

  @Test
  void answersInOpenAisShape() {
    post(CHAT, chat(Map.of("max_tokens", 12, "seed", 3)))
        .statusCode(200)
        .contentType(ContentType.JSON)
        .body("object", is("chat.completion"))
        .body("model", is(policy.name))
        .body("choices[0].index", is(0))
        .body("choices[0].message.role", is("assistant"))
        .body("choices[0].finish_reason", is("length"))
        .body("usage.completion_tokens", is(12))
        // <|user|>, two letters, <|assistant|>
        .body("usage.prompt_tokens", is(4))
        .body("usage.total_tokens", is(16));
  }

  @Test
  void whatIsWrongIsSaidWhereOpenAisClientsLook() {
    post(CHAT, chat(Map.of("n", 1000)))
        .statusCode(422)
        .contentType("application/problem+json")
        .body("detail", is("n must be between 1 and 16"))
        .body("error.message", is("n must be between 1 and 16"))
        .body("error.type", is("invalid_request_error"))
        .body("error.param", is("n"))
        .body("error.code", nullValue());
    post(CHAT, chat(Map.of("temperature", "hot")))
        .statusCode(400)
        .body("error.message", endsWith("; temperature has the wrong type"));
    RestAssured.given()
        .auth()
        .oauth2("nobody")
        .contentType(ContentType.JSON)
        .body("{}")
        .post(CHAT)
        .then()
        .statusCode(401)
        .body("title", is("Not signed in"))
        .body("error.type", is("authentication_error"));
    TestAccounts.as(reviewer).get("/api/none").then().body("error", nullValue());
  }

  @Test
  void whatIsNotThereIsNamed() {
    for (String body : List.of("", "null")) {
      post(CHAT, body).statusCode(anyOf(is(400), is(422)));
    }
    post(CHAT, "{\"messages\": [null]}").statusCode(422);
    post(CHAT, "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"stop\": [null]}")
        .statusCode(422);
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    String first = words(chat(Map.of("max_tokens", 30, "seed", 3)));
    assertThat(words(chat(Map.of("max_tokens", 30, "seed", 3)))).isEqualTo(first);
    assertThat(words(chat(Map.of("max_tokens", 30, "seed", 4)))).isNotEqualTo(first);
    assertThat(words(chat(Map.of("max_tokens", 30, "temperature", 0))))
        .isEqualTo(words(chat(Map.of("max_tokens", 30, "temperature", 0, "seed", 8))));
  }

  @Test
  void severalAnswersAreWhatTheyAreNamed() throws Exception {
    JsonNode answer = json(chat(Map.of("max_tokens", 20, "seed", 3, "n", 3, "logprobs", true)));
    assertThat(answer.path("choices")).hasSize(3);
    assertThat(answer.path("choices").findValues("message")).doesNotHaveDuplicates();
    JsonNode logprobs = answer.path("choices").path(2).path("logprobs").path("content");
    assertThat(logprobs).hasSize(20);
    var bytes = new ByteArrayOutputStream();
    for (JsonNode token : logprobs) {
      assertThat(token.path("logprob").asDouble()).isNegative();
      token.path("bytes").forEach(one -> bytes.write(one.asInt()));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(answer.path("choices").path(2).path("message").path("content").asText());
    assertThat(answer.path("usage").path("completion_tokens").asInt()).isEqualTo(60);
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(4);
  }

  @Test
  void aStreamSaysTheSameAsTheWholeAnswer() throws Exception {
    Map<String, Object> asked = chat(Map.of("max_tokens", 40, "seed", 3, "n", 2));
    JsonNode whole = json(asked);
    asked.put("stream", true);
    asked.put("stream_options", Map.of("include_usage", true));
    String sent =
        post(CHAT, asked).statusCode(200).contentType("text/event-stream").extract().asString();
    List<String> events = new ArrayList<>(List.of(sent.strip().split("\n\n")));
    assertThat(events.remove(events.size() - 1)).isEqualTo("data: [DONE]");
    StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
    JsonNode last = JSON.nullNode();
    int pieces = 0;
    for (String event : events) {
      last = JSON.readTree(event.substring("data: ".length()));
      assertThat(last.path("object").asText()).isEqualTo("chat.completion.chunk");
      for (JsonNode choice : last.path("choices")) {
        texts[choice.path("index").asInt()].append(choice.path("delta").path("content").asText(""));
        pieces++;
      }
    }
    assertThat(pieces).isGreaterThan(20);
    assertThat(last.path("usage")).isEqualTo(whole.path("usage"));
    for (int i = 0; i < 2; i++) {
      assertThat(texts[i].toString())
          .isEqualTo(whole.path("choices").path(i).path("message").path("content").asText());
    }
  }

  @Test
  void anAnswerThatWasCutOffComesAfterEveryFinishedOne() {
    RewardModelVersion judge = TestPolicies.createRewardModel(2);
    Generation any = new Generation(new int[0], new float[0], FinishReason.STOP, 0);
    List<Message> asked = List.of(new Message("user", "hi"));
    List<Answer> finished =
        Stream.of("an answer", "quite another one", "x")
            .map(t -> new Answer(t, "stop", any))
            .toList();
    List<Answer> ranked = bestOf.choose(judge, asked, finished, 3);
    Answer cutOff = new Answer(ranked.get(0).text(), "length", any);

    List<Answer> chosen =
        bestOf.choose(judge, asked, List.of(cutOff, ranked.get(2), ranked.get(1)), 3);

    assertThat(chosen).containsExactly(ranked.get(1), ranked.get(2), cutOff);
  }

  @Test
  void theBestOfSixIsTheOneThatTheRewardModelPrefers() throws Exception {
    RewardModelVersion judge = TestPolicies.createRewardModel(2);
    List<String> texts =
        json(chat(Map.of("max_tokens", 12, "seed", 3, "n", 6)))
            .path("choices")
            .findValues("content")
            .stream()
            .map(JsonNode::asText)
            .toList();
    List<Float> scores =
        TestAccounts.as(reviewer)
            .contentType(ContentType.JSON)
            .body(
                Map.of(
                    "items",
                    texts.stream()
                        .map(text -> Map.of("prompt", "hi", "completion", text))
                        .toList()))
            .post("/api/reward-models/" + judge.id + "/score")
            .then()
            .statusCode(200)
            .extract()
            .path("scores");
    String best = texts.get(scores.indexOf(Collections.max(scores)));
    Map<String, Object> asked =
        chat(Map.of("max_tokens", 12, "seed", 3, "best_of", 6, "reward_model", judge.name));
    post(CHAT, asked)
        .body("choices.size()", is(1))
        .body("choices[0].message.content", is(best))
        .body("usage.completion_tokens", is(72));
    asked.put("stream", true);
    assertThat(post(CHAT, asked).extract().asString())
        .contains(JSON.writeValueAsString(best))
        .contains("[DONE]");
    refused("best_of", chat(Map.of("best_of", 2, "n", 3)));
    refused("reward_model", chat(Map.of("best_of", 2, "reward_model", "nobody")));
    refused("reward_model", chat(Map.of("best_of", 2, "n", 2, "reward_model", "nobody")));
  }

  @Test
  void aBiasBringsATokenUpAndAnotherDown() {
    for (double temperature : new double[] {0, 1}) {
      Map<String, Object> asked = chat(Map.of("max_tokens", 6, "temperature", temperature));
      asked.put("logit_bias", Map.of("77", 100, "1", -100));
      assertThat(words(asked)).hasSize(6).containsPattern("^(.)\\1{5}$");
    }
  }

  @Test
  void aStopStringEndsTheAnswerBeforeItself() throws Exception {
    String whole = words(chat(Map.of("max_tokens", 60, "seed", 5)));
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 1);
    post(CHAT, chat(Map.of("max_tokens", 60, "seed", 5, "stop", stop)))
        .body("choices[0].message.content", is(whole.substring(0, whole.indexOf(stop))))
        .body("choices[0].finish_reason", is("stop"));
    JsonNode told = json(chat(Map.of("max_tokens", 60, "seed", 5, "stop", stop, "logprobs", true)));
    var bytes = new ByteArrayOutputStream();
    told.at("/choices/0/logprobs/content")
        .forEach(token -> token.path("bytes").forEach(one -> bytes.write(one.asInt())));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .as("tokens beyond the stop string are nobody's")
        .isEqualTo(told.at("/choices/0/message/content").asText());
  }

  @Test
  void plainTextIsContinuedAsItIs() throws Exception {
    String spelled = "<|user|>hi<|assistant|>";
    Map<String, Object> asked = request(Map.of("prompt", spelled, "max_tokens", 20, "seed", 3));
    post(TEXT, asked)
        .statusCode(200)
        .body("object", is("text_completion"))
        .body("choices[0].text", is(words(chat(Map.of("max_tokens", 20, "seed", 3)))))
        .body("usage.prompt_tokens", is(4));
    post(TEXT, request(Map.of("prompt", List.of("a", "bc"), "n", 2)))
        .body("choices.size()", is(4))
        .body("usage.prompt_tokens", is(3))
        // 16 each unless the end token is drawn before
        .body("usage.completion_tokens", both(greaterThan(4)).and(lessThanOrEqualTo(64)));
    post(TEXT, request(Map.of("prompt", List.of(2, 77, 3), "logprobs", 0, "max_tokens", 2)))
        .body("usage.prompt_tokens", is(3))
        .body("choices[0].logprobs.token_logprobs.size()", is(2));
    asked.put("stream", true);
    assertThat(post(TEXT, asked).extract().asString()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void badRequestsAreNamed() {
    refused("temperature", chat(Map.of("temperature", -1)));
    refused("top_p", chat(Map.of("top_p", 0)));
    refused("max_tokens", chat(Map.of("max_tokens", 0)));
    refused("n", chat(Map.of("n", 17)));
    refused("stop", chat(Map.of("stop", "")));
    refused("presence_penalty", chat(Map.of("presence_penalty", 1)));
    refused("tools", chat(Map.of("tools", List.of(Map.of("type", "function")))));
    refused("tool_choice", chat(Map.of("tool_choice", "required")));
    refused("functions", chat(Map.of("functions", List.of(Map.of("name", "f")))));
    refused("function_call", chat(Map.of("function_call", Map.of("name", "f"))));
    post(CHAT, chat(Map.of("max_tokens", 1, "tool_choice", "none"))).statusCode(200);
    refused("logit_bias", chat(Map.of("logit_bias", Map.of("77", 101))));
    refused("logit_bias", chat(Map.of("logit_bias", Map.of("261", 1))));
    refused("logit_bias", chat(Map.of("logit_bias", Collections.singletonMap("77", null))));
    post(CHAT, chat(Map.of("logit_bias", Map.of("word", 1)))).statusCode(400);
    refused("messages", request(Map.of("messages", List.of())));
    refused(
        "messages[0].role",
        request(Map.of("messages", List.of(Map.of("role", "tool", "content", "x")))));
    refused(
        "messages[0].content",
        request(
            Map.of(
                "messages",
                List.of(Map.of("role", "user", "content", List.of(Map.of("type", "image_url")))))));
    post(CHAT, request(Map.of("messages", List.of(message("a".repeat(500))))))
        .statusCode(422)
        .body("detail", containsString("128"));
    Map<String, Object> unknown = chat(Map.of());
    unknown.put("model", "nobody");
    post(CHAT, unknown).statusCode(404).contentType("application/problem+json");
  }

  @Test
  void onlyReviewersAndAboveMayAsk() {
    RestAssured.given()
        .contentType(ContentType.JSON)
        .body(chat(Map.of()))
        .post(CHAT)
        .then()
        .statusCode(401);
    for (String path : List.of(CHAT, TEXT)) {
      TestAccounts.as(Role.ANNOTATOR)
          .contentType(ContentType.JSON)
          .body(chat(Map.of()))
          .post(path)
          .then()
          .statusCode(403);
    }
    TestAccounts.as(Role.ANNOTATOR).get("/v1/models").then().statusCode(403);
  }

  @Test
  void listsTheVersionsThatCanBeNamed() {
    TestAccounts.as(reviewer)
        .get("/v1/models")
        .then()
        .statusCode(200)
        .body("object", is("list"))
        .body("data.id", hasItem(policy.name));
  }

  private void refused(String field, Map<String, Object> request) {
    post(CHAT, request)
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors[0].field", is(field));
  }

  private Map<String, Object> chat(Map<String, Object> settings) {
    Map<String, Object> request = request(settings);
    request.put("messages", List.of(message("hi")));
    return request;
  }

  private Map<String, Object> request(Map<String, Object> settings) {
    Map<String, Object> request = new TreeMap<>(settings);
    request.put("model", policy.name);
    return request;
  }

  private static Map<String, Object> message(String text) {
    return Map.of("role", "user", "content", text);
  }

  private String words(Map<String, Object> request) {
    return post(CHAT, request).extract().path("choices[0].message.content");
  }

  private JsonNode json(Map<String, Object> request) throws Exception {
    return JSON.readTree(post(CHAT, request).extract().asString());
  }

  private ValidatableResponse post(String path, Object request) {
    return TestAccounts.as(reviewer).contentType(ContentType.JSON).body(request).post(path).then();
  }
}

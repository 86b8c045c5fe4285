package org.laurel.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published OpenAPI document against what the contract promises, row by row, and itself. */
@QuarkusTest
class ApiDocumentTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private JsonNode document;

  /** An operation where it stands in the document. */
  private record Operation(String method, String path, JsonNode node) {
    String name() {
      return method + " " + path;
    }

    /** Its responses whose status begins so. */
    List<String> statuses(String first) {
      return names(node.path("responses")).filter(status -> status.startsWith(first)).toList();
    }
  }

  @BeforeEach
  void read() throws JsonProcessingException {
    String json = given().get("/q/openapi?format=json").then().statusCode(200).extract().asString();
    document = new ObjectMapper().readTree(json);
  }

  /** The fields are those that the contract names; an answer may have more. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          post | /api/projects | 201 | application/json | id
          post | /api/projects/{}/prompts | 200 | application/json | imported duplicates rejected errors
          post | /api/projects/{}/completions | 200 | application/json | imported duplicates rejected errors
          post | /api/projects/{}/comparisons | 200 | application/json | imported duplicates rejected errors
          post | /api/projects/{}/demonstrations | 200 | application/json | imported duplicates rejected errors
          post | /api/projects/{}/samplings | 202 | application/json | id
          get | /api/samplings/{} | 200 | application/json | status done total
          post | /api/annotators | 201 | application/json | id token invitation
          post | /api/projects/{}/tasks/lease | 200 204 | application/json | id prompt completions leaseExpiresAt
          put | /api/tasks/{}/ranking | 200 | application/json | groups ratings flags strength rationale elapsedMs unrankable
          post | /api/tasks/{}/skip | 204 | |
          get | /api/projects/{}/statistics | 200 | application/json | counts agreement time annotators
          post | /api/projects/{}/rounds | 202 | application/json | id
          get | /api/rounds/{} | 200 | application/json | status steps policy rewardModel error
          get | /api/runs/{}/metrics | 200 | application/x-ndjson text/event-stream | step time key value
          post | /api/rounds/{}/cancel | 202 | application/json | id status
          post | /api/rounds/{}/resume | 202 | application/json | id status
          get | /api/policies | 200 | application/json | items next
          get | /api/reward-models | 200 | application/json | items next
          post | /api/reward-models/{}/score | 200 | application/json | scores
          post | /api/policies/{}/promote | 200 | application/json | id
          get | /api/projects/{}/export | 200 | application/x-ndjson text/csv application/vnd.apache.parquet |
          post | /v1/chat/completions | 200 | application/json text/event-stream | id object created model choices usage
          post | /v1/completions | 200 | application/json text/event-stream | id object created model choices usage
          """)
  void everyCallOfTheContractIsThereAsPromised(
      String method, String path, String statuses, String mediaTypes, String fields) {
    Operation operation = operation(method, path);

    assertThat(operation.statuses("2")).containsExactlyInAnyOrder(statuses.split(" "));
    JsonNode content = operation.node().at("/responses/" + statuses.split(" ")[0] + "/content");
    assertThat(names(content)).containsExactlyInAnyOrder(words(mediaTypes));
    for (JsonNode mediaType : content) {
      JsonNode answer = resolved(mediaType.path("schema"));
      assertThat(answer.path("type").asText()).isNotEmpty();
      assertThat(names(answer.path("properties"))).contains(words(fields));
    }
  }

  @Test
  void policiesAndRewardModelsComeWithTheirLineage() {
    for (String list : List.of("/api/policies", "/api/reward-models")) {
      JsonNode page = answer(operation("get", list));
      assertThat(names(resolved(page.at("/properties/items/items")).path("properties")))
          .contains("parent", "datasetHash", "run", "hyperparameters", "metrics");
    }
  }

  @Test
  void everyAnswerWithABodySaysWhatIsInIt() {
    for (Operation operation : operations()) {
      for (String status : operation.statuses("2")) {
        JsonNode content = operation.node().path("responses").path(status).path("content");
        assertThat(content.isEmpty())
            .as("%s %s has no body", operation.name(), status)
            .isEqualTo(status.equals("204"));
        for (JsonNode mediaType : content) {
          assertThat(mediaType.path("schema")).as(operation.name()).isNotEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RoundView, error",
    "RoundView, finishedAt",
    "PolicyView, parent",
    "Choice, finish_reason",
    "PagePolicyView, next",
    "TextChoice, logprobs"
  })
  void fieldsThatMayBeNullSaySo(String schema, String field) {
    JsonNode property = property(schema, field);
    assertThat(values(property.path("type")) + values(property.path("anyOf")).toString())
        .contains("null");
  }

  @ParameterizedTest
  @CsvSource({"RoundView, status", "RoundView, id", "PagePolicyView, items", "Choice, index"})
  void noOtherFieldSaysSo(String schema, String field) {
    assertThat(property(schema, field).toString()).doesNotContain("null");
  }

  @ParameterizedTest
  @CsvSource({
    "RoundView, status id, error finishedAt",
    "PagePolicyView, items, ''",
    "ImportReport, imported duplicates rejected errors, ''",
    "Metric, step time key value, ''",
    "ChatCompletion, id choices, usage",
    "ProblemDocument, status title detail, errors"
  })
  void whatIsAlwaysThereSaysSoAndNothingElse(String schema, String always, String sometimes) {
    List<String> required =
        stream(document.at("/components/schemas/" + schema + "/required"))
            .map(JsonNode::asText)
            .toList();
    assertThat(required).contains(words(always));
    if (!sometimes.isEmpty()) {
      assertThat(required).doesNotContain(words(sometimes));
    }
  }

  @Test
  void whatAnswersPromiseNoRequestHasToHold() {
    assertThat(document.at("/components/schemas/SamplingRequest/required").isMissingNode())
        .isTrue();
    for (JsonNode field : document.at("/components/schemas/Message/required")) {
      assertThat(field.asText()).as("Message is part of requests too").isEmpty();
    }
  }

  private JsonNode property(String schema, String field) {
    JsonNode property =
        document.path("components").path("schemas").path(schema).path("properties").path(field);
    assertThat(property.isMissingNode()).isFalse();
    return property;
  }

  private static List<String> values(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::toString).toList();
  }

  @Test
  void everyRefusalIsAProblemDocument() {
    for (Operation operation : operations()) {
      assertThat(operation.statuses("4")).as(operation.name()).contains("401", "403");
      for (String status :
          Stream.of("4", "default").flatMap(s -> operation.statuses(s).stream()).toList()) {
        JsonNode content =
            resolved(operation.node().path("responses").path(status)).path("content");
        assertThat(names(content)).containsExactly(ProblemDocument.MEDIA_TYPE);
        JsonNode problem = resolved(content.path(ProblemDocument.MEDIA_TYPE).path("schema"));
        assertThat(names(problem.path("properties")))
            .contains("status", "title", "detail", "errors");
        assertThat(names(resolved(problem.at("/properties/errors/items")).path("properties")))
            .containsExactlyInAnyOrder("line", "field", "message");
      }
      assertThat(operation.statuses("default")).as(operation.name()).hasSize(1);
    }
    assertThat(operation("put", "/api/tasks/{}/ranking").statuses("4"))
        .contains("400", "404", "409", "413", "415", "422");
    assertThat(operation("get", "/api/rounds/{}").statuses("4")).contains("404");
  }

  @Test
  void everyPostAndNothingElseTakesAnIdempotencyKey() {
    for (Operation operation : operations()) {
      boolean takesKey =
          stream(operation.node().path("parameters"))
              .anyMatch(
                  parameter -> resolved(parameter).path("name").asText().equals("Idempotency-Key"));
      assertThat(takesKey).as(operation.name()).isEqualTo(operation.method().equals("post"));
    }
  }

  @Test
  void everyOperationAsksForATokenOfADefinedScheme() {
    JsonNode schemes = document.at("/components/securitySchemes");
    assertThat(schemes.at("/bearer/type").asText()).isEqualTo("http");
    assertThat(schemes.at("/bearer/scheme").asText()).isEqualTo("bearer");
    for (Operation operation : operations()) {
      List<String> asked =
          stream(operation.node().path("security")).flatMap(ApiDocumentTest::names).toList();
      assertThat(asked).as(operation.name()).isNotEmpty().isSubsetOf(names(schemes).toList());
    }
  }

  @Test
  void workThatHasDefaultsForAllNeedsNoBody() {
    for (String begun : List.of("samplings", "rounds", "judgings")) {
      JsonNode body = operation("post", "/api/projects/{}/" + begun).node().path("requestBody");
      assertThat(body.path("content")).isNotEmpty();
      assertThat(body.path("required").asBoolean()).as(begun).isFalse();
    }
  }

  @Test
  void pagesAndWhatTheyAreMadeOfAreLeftOut() {
    assertThat(names(document.path("paths")))
        .isNotEmpty()
        .allMatch(path -> path.matches("/(api|v1)/.+"));
    assertThat(document.toString()).doesNotContain("text/html");
    assertThat(names(document.at("/components/schemas")))
        .containsExactlyInAnyOrderElementsOf(used());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references)
        .isNotEmpty()
        .allSatisfy(reference -> assertThat(at(reference).isMissingNode()).isFalse());
  }

  /** A number at the end would come and go with other classes of the same name. */
  @Test
  void namesAreUniqueWithoutNumbers() {
    assertThat(names(document.at("/components/schemas"))).noneMatch(name -> name.matches(".*\\d"));
    assertThat(operations())
        .extracting(operation -> operation.node().path("operationId").asText())
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[A-Z]\\w*_[a-z]\\w*[a-z]"));
    assertThat(operations()).allMatch(operation -> operation.node().path("tags").size() == 1);
  }

  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                names(path.getValue())
                    .filter(METHODS::contains)
                    .forEach(
                        method ->
                            operations.add(
                                new Operation(
                                    method,
                                    path.getKey().replaceAll("\\{\\w+}", "{}"),
                                    path.getValue().path(method)))));
    return operations;
  }

  private Operation operation(String method, String path) {
    return operations().stream()
        .filter(operation -> operation.method().equals(method) && operation.path().equals(path))
        .findAny()
        .orElseThrow(() -> new AssertionError("there is no " + method + " " + path));
  }

  /** The schema of the JSON that is answered with 200. */
  private JsonNode answer(Operation operation) {
    return resolved(
        operation.node().at("/responses/200/content").path("application/json").path("schema"));
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? at(node.path("$ref")) : node;
  }

  private JsonNode at(JsonNode reference) {
    return document.at(reference.asText().substring(1));
  }

  /** Names of the schemas that operations need, directly or by other schemas. */
  private Set<String> used() {
    Set<String> used = new HashSet<>();
    Deque<JsonNode> left = new ArrayDeque<>(document.path("paths").findValues("$ref"));
    while (!left.isEmpty()) {
      String reference = left.pop().asText();
      if (used.add(reference)) {
        left.addAll(document.at(reference.substring(1)).findValues("$ref"));
      }
    }
    String schemas = "#/components/schemas/";
    used.removeIf(reference -> !reference.startsWith(schemas));
    return used.stream()
        .map(reference -> reference.substring(schemas.length()))
        .collect(Collectors.toSet());
  }

  private static String[] words(String text) {
    return text == null ? new String[0] : text.split(" ");
  }

  private static Stream<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey);
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}

package org.laurel.instant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.Votes;

@QuarkusTest
class InstantResourceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<String> TOPICS =
      List.of("bread", "rain", "trains", "chess", "whales", "glass", "tea", "bees");

  @Inject Votes votes;

  private final Account reviewer = TestAccounts.create(Role.ADMINISTRATOR);

  private static String path(UUID project) {
    return "/api/projects/" + project + "/instant-fit";
  }

  @Test
  void thereIsNothingToFitBeforeTheFirstVote() {
    TestAccounts.as(reviewer)
        .get(path(votes.project()))
        .then()
        .statusCode(200)
        .body("status", equalTo("none"))
        .body("fit", nullValue())
        .body("advice.comparisons", equalTo(0))
        .body("advice.backbone", equalTo("policy"));
  }

  /** Whoever answers the question wins over whoever will not. */
  @Test
  void aFewVotesBecomeAFit() throws InterruptedException {
    UUID project = votes.project();
    for (int i = 0; i < 40; i++) {
      String topic = TOPICS.get(i % TOPICS.size());
      UUID prompt = votes.prompt(project, "What should I know about " + topic + " no. " + i + "?");
      votes.ranking(
          project,
          prompt,
          List.of(
              "Here is what matters about " + topic + ": how it is made and used.",
              "I am sorry, but I do not want to talk with you about that."));
    }
    Instant end = Instant.now().plus(PATIENCE);
    JsonPath view = get(project);
    while (!view.getString("status").equals("ready") && Instant.now().isBefore(end)) {
      assertThat(view.getString("status")).isEqualTo("reading");
      Thread.sleep(200);
      view = get(project);
    }
    assertThat(view.getString("status")).isEqualTo("ready");
    assertThat(view.getInt("read")).isEqualTo(80).isEqualTo(view.getInt("toRead"));
    assertThat(view.getInt("fit.comparisons")).isEqualTo(40);
    assertThat(view.getDouble("fit.heldOutAccuracy")).isGreaterThan(0.95);
    assertThat(view.getList("fit.unsure")).hasSize(10);
    assertThat(view.getInt("advice.comparisons")).isEqualTo(40);
  }

  @Test
  void annotatorsDoNotSeeIt() {
    TestAccounts.as(Role.ANNOTATOR).get(path(votes.project())).then().statusCode(403);
  }

  private JsonPath get(UUID project) {
    return TestAccounts.as(reviewer).get(path(project)).then().statusCode(200).extract().jsonPath();
  }
}

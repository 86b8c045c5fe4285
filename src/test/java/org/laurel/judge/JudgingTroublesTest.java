package org.laurel.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class JudgingTroublesTest extends JudgingScene {
  @Test
  void aBrokenEndpointEndsTheJudgingAndTheKeyIsNowhere() {
    workplace.tasks(project, 2, 1, "1 egg", "3 eggs");
    server.refuse(99, 500, "broken " + LocalJudge.KEY);

    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getString("status")).isEqualTo("failed");
    assertThat(judged.getString("error")).contains("answered 500", "5 times");
    assertThat(
            workplace.one(
                "select count(*) from judging j, audit_event e where j::text || e::text like ?1",
                "%" + LocalJudge.KEY + "%"))
        .isEqualTo(0L);
  }

  @Test
  void aJudgeThatTalksNonsenseIsGivenUp() {
    server.talkNonsense("I <b>cannot</b> choose");
    workplace.tasks(project, 30, 1, "1 egg", "3 eggs");

    JsonPath judged = end(begin(Map.of("judge", "endpoint")));

    assertThat(judged.getString("status")).isEqualTo("failed");
    assertThat(judged.getString("error")).contains("no readable answer", "cannot");
    as().get("/projects/" + project + "/judge")
        .then()
        .statusCode(200)
        .body(containsString("I &lt;b&gt;cannot"));
  }

  @Test
  void aJudgingIsStoppedAndWhatItSaidStays() {
    server.pause(40);
    pairsOfPeople(20);
    workplace.tasks(project, 200, 1, "1 egg", "3 eggs");
    String id =
        begin(Map.of("judge", "endpoint"))
            .statusCode(202)
            .body("questionsLeft", equalTo(440))
            .extract()
            .path("id");
    JsonPath begun = await(id, json -> json.getInt("done") > 0);
    assertThat(begun.getString("phase")).isEqualTo("calibrating");
    assertThat(begun.getInt("questionsLeft")).isEqualTo(440 - 2 * begun.getInt("done"));
    begun = await(id, json -> json.getInt("done") > 20);
    assertThat(begun.getString("phase")).isEqualTo("judging");
    assertThat(begun.getInt("questionsLeft")).isEqualTo(440 - 2 * begun.getInt("done"));

    as().post("/api/judgings/" + id + "/cancel").then().statusCode(202);

    JsonPath ended = await(id, json -> json.get("finishedAt") != null);
    assertThat(ended.getString("status")).isEqualTo("cancelled");
    assertThat(ended.getInt("questionsLeft")).isZero();
    assertThat(ended.getInt("outcomes.votes")).isBetween(1, 199);
  }

  @Test
  void refusesWhatMakesNoSense() {
    System.clearProperty("laurel.judge.endpoint");
    begin(Map.of("judge", "endpoint"))
        .statusCode(422)
        .body("detail", containsString("LAUREL_JUDGE_ENDPOINT"));
    begin(Map.of("judge", "oracle")).statusCode(422);
    begin(Map.of("policy", "no such policy")).statusCode(422);
    System.setProperty("laurel.judge.endpoint", "http://judge.example/v1");
    begin(Map.of("judge", "endpoint"))
        .statusCode(422)
        .body("detail", containsString("in the clear"));
    rubric("{{first}} or {{second}}?")
        .statusCode(422)
        .body("detail", containsString("{{conversation}}"));
    for (String path : List.of("/judgings", "/rubric")) {
      TestAccounts.as(Role.REVIEWER).get("/api/projects/" + project + path).then().statusCode(403);
    }
  }
}

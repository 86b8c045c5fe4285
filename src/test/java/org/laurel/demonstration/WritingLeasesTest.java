package org.laurel.demonstration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.database.Interleaving;

@QuarkusTest
class WritingLeasesTest extends WritingScene {
  @Inject WritingLeases leases;

  @Test
  void handsOutNothingUnlessTheProjectAsks() {
    UUID silent = workplace.project("{}");
    workplace.prompts(silent, 1, "Hello?");
    project = silent;
    next(ann).then().statusCode(204);
    as(administrator)
        .body("{\"settings\": {\"demonstrationsPerPrompt\": 2}}")
        .patch("/api/projects/" + silent)
        .then()
        .statusCode(200)
        .body("settings.demonstrationsPerPrompt", equalTo(2));
    UUID prompt = leased(ann);
    assertThat(leased(bob)).isEqualTo(prompt);
    next(TestAccounts.create(Role.ANNOTATOR)).then().statusCode(204);
    as(administrator)
        .body("{\"settings\": {\"demonstrationsPerPrompt\": 21}}")
        .patch("/api/projects/" + silent)
        .then()
        .statusCode(422);
  }

  @Test
  void givesTheSamePromptUntilItIsWrittenAndNobodyElseThatOne() {
    prompts(2);
    UUID first = leased(ann);
    assertThat(leased(ann)).isEqualTo(first);
    UUID second = leased(bob);
    assertThat(second).isNotEqualTo(first);
    next(TestAccounts.create(Role.ANNOTATOR)).then().statusCode(204);
    write(ann, first, "Seven minutes.").statusCode(200);
    next(ann).then().statusCode(204);
  }

  @Test
  void showsTheConversationAndItsMarkdown() {
    prompts(1);
    as(ann)
        .body("{}")
        .post("/api/projects/" + project + "/demonstrations/lease?render=html")
        .then()
        .statusCode(200)
        .body("prompt[0].role", equalTo("user"))
        .body("prompt[0].content", equalTo("How do I boil an egg? 0"))
        .body("messages[0].html", containsString("<p>How do I boil"))
        .body("leaseExpiresAt", notNullValue())
        .body("written", nullValue());
  }

  /** Whichever of them sits down first, the others go on to the next prompt, or have none. */
  @Test
  void twentyPeopleAtOnceSitAtNoPromptTwiceTooOften() throws Exception {
    workplace.run(
        "update project set settings = '{\"demonstrationsPerPrompt\": 3}' where id = ?1", project);
    prompts(5);
    ExecutorService office = Executors.newFixedThreadPool(20);
    List<Callable<Integer>> arrivals = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Account one = TestAccounts.create(Role.ANNOTATOR);
      as(one); // its token, before all run at once
      arrivals.add(() -> next(one).statusCode());
    }
    List<Integer> answers = new ArrayList<>();
    for (Future<Integer> answer : office.invokeAll(arrivals)) {
      answers.add(answer.get());
    }
    office.shutdown();
    assertThat(answers).containsOnly(200, 204);
    assertThat(answers.stream().filter(status -> status == 200)).hasSize(15);
    assertThat(
            count(
                "select max(n) from (select count(*) as n from demonstration_seat s"
                    + " join prompt p on p.id = s.prompt_id where p.project_id = ?1"
                    + " group by s.prompt_id) per_prompt",
                project))
        .isEqualTo(3);
  }

  /** The second does not see the first one's seat, which is not committed; the key does. */
  @Test
  void twoWhoAreAfterTheLastPlaceDoNotBothGetIt() throws Exception {
    UUID prompt = prompts(1).get(0);
    Optional<DemonstrationSeat> second =
        Interleaving.beforeCommit(
            () -> leases.next(project, ann.id), 1, () -> leases.next(project, bob.id));
    assertThat(second).isEmpty();
    assertThat(count("select count(*) from demonstration_seat where prompt_id = ?1", prompt))
        .isEqualTo(1);
  }

  @Test
  void importedDemonstrationsCountAsThere() {
    List<UUID> prompts = prompts(2);
    bring(project, "{\"prompt\": \"How do I fry it?\", \"completion\": \"Gently.\"}")
        .statusCode(200);
    workplace.run(
        "insert into demonstration (prompt_id, text, content_hash) values (?1, 'Softly.',"
            + " sha256('Softly.'))",
        prompts.get(0));
    assertThat(leased(ann)).isEqualTo(prompts.get(1));
    next(bob).then().statusCode(204);
  }

  @Test
  void aLeaseThatRanOutIsTakenUpAgainWhileTheSeatIsFree() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    expire(prompt);
    write(ann, prompt, "Late.").statusCode(409).body("detail", containsString("ran out at"));
    as(ann)
        .body("{}")
        .post(path(prompt) + "/lease")
        .then()
        .statusCode(200)
        .body("leaseExpiresAt", notNullValue());
    write(ann, prompt, "Late.").statusCode(200);
    as(ann).body("{}").post(path(prompt) + "/lease").then().statusCode(409);
  }

  @Test
  void whoLosesTheSeatKeepsWhatHeBegan() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    draft(ann, prompt, Map.of("text", "An hour's work")).statusCode(200);
    next(bob).then().statusCode(204);
    expire(prompt);
    assertThat(leased(bob)).isEqualTo(prompt);

    write(ann, prompt, "An hour's work").statusCode(409);
    draft(ann, prompt, Map.of("text", "more")).statusCode(409);
    as(ann).body("{}").post(path(prompt) + "/lease").then().statusCode(409);
    as(ann)
        .get(path(prompt))
        .then()
        .statusCode(200)
        .body("draft.text", equalTo("An hour's work"))
        .body("leaseExpiresAt", nullValue());
    own(ann, "draft").body("items", hasSize(1));
    as(bob).get(path(prompt)).then().body("draft", nullValue());
    write(bob, prompt, "Seven minutes.").statusCode(200);
  }

  @Test
  void untouchedPromptsComeBeforeThoseWhoseLeaseRanOut() {
    List<UUID> prompts = prompts(2);
    UUID begun = leased(ann);
    expire(begun);
    assertThat(leased(bob)).isIn(prompts).isNotEqualTo(begun);
  }

  @Test
  void aSkippedPromptGoesToSomebodyElseAndComesBackOnRequest() {
    UUID prompt = prompts(1).get(0);
    skip(ann, prompt, "I know nothing of eggs").statusCode(409);
    leased(ann);
    draft(ann, prompt, Map.of("text", "hm")).statusCode(200);
    skip(ann, prompt, "I know nothing of eggs").statusCode(204);
    skip(ann, prompt, "twice is once").statusCode(204);
    next(ann).then().statusCode(204);
    own(ann, "skipped").body("items[0].reason", equalTo("I know nothing of eggs"));
    own(ann, "draft").body("items", hasSize(0));

    as(ann).body("{}").post(path(prompt) + "/lease").then().statusCode(200);
    own(ann, "skipped").body("items", hasSize(0));
    skip(ann, prompt, "no").statusCode(204);
    assertThat(leased(bob)).isEqualTo(prompt);
    skip(bob, prompt, " ").statusCode(422);
  }

  @Test
  void aDraftGoesOverNoneThatItDidNotBeginFrom() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    String first =
        drafted("If-None-Match", "*", prompt, "one").statusCode(200).extract().path("draftSavedAt");
    drafted("If-None-Match", "*", prompt, "two")
        .statusCode(412)
        .body("detail", containsString(first));
    String second =
        drafted("If-Match", quoted(first), prompt, "three")
            .statusCode(200)
            .extract()
            .path("draftSavedAt");
    drafted("If-Match", quoted(first), prompt, "four").statusCode(412);
    as(ann)
        .get(path(prompt))
        .then()
        .body("draft.text", equalTo("three"))
        .body("draftSavedAt", equalTo(second));
    write(ann, prompt, "Seven minutes.").statusCode(200);
    drafted("If-Match", quoted(second), prompt, "five")
        .statusCode(412)
        .body("detail", containsString("not there any more"));
  }

  private ValidatableResponse drafted(String header, String tag, UUID prompt, String text) {
    return as(ann)
        .header(header, tag)
        .body(Map.of("text", text))
        .put(path(prompt) + "/draft")
        .then();
  }

  private static String quoted(String time) {
    return '"' + time + '"';
  }

  @Test
  void aDraftRenewsTheLeaseAndIsBounded() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    expire(prompt);
    draft(ann, prompt, Map.of("text", "half")).statusCode(200);
    next(bob).then().statusCode(204);
    draft(ann, prompt, Map.of("text", "x".repeat(300_000))).statusCode(422);
    as(ann).get(path(prompt)).then().body("draft.text", equalTo("half"));
    draft(ann, prompt, Map.of()).statusCode(200);
    as(ann).get(path(prompt)).then().body("draft", nullValue());
    as(bob).get(path(prompt)).then().statusCode(404);
  }

  @Test
  void whoIsTakenOutLosesTheLeaseAtOnceAndKeepsWhatHeWrote() {
    List<UUID> prompts = prompts(2);
    workplace.run("update account set all_projects = false where id = ?1", ann.id);
    String member = "/api/projects/" + project + "/members/" + ann.id;
    next(ann).then().statusCode(404);
    as(administrator).put(member).then().statusCode(204);
    UUID first = leased(ann);
    write(ann, first, "Seven minutes.").statusCode(200);
    UUID second = leased(ann);
    draft(ann, second, Map.of("text", "begun")).statusCode(200);

    as(administrator).delete(member).then().statusCode(204);

    write(ann, second, "too late").statusCode(404).body("detail", containsString("taken out"));
    draft(ann, second, Map.of("text", "too late")).statusCode(404);
    write(ann, first, "changed").statusCode(404);
    as(ann).get(path(second)).then().statusCode(404);
    counts().body("written", equalTo(1));
    assertThat(leased(bob)).isEqualTo(second).isIn(prompts);
  }

  @Test
  void anArchivedProjectTakesNothing() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    workplace.run("update project set archived_at = now() where id = ?1", project);
    next(ann).then().statusCode(404);
    write(ann, prompt, "Seven minutes.").statusCode(404);
    draft(ann, prompt, Map.of("text", "Seven")).statusCode(404);
    assertThat(count("select count(*) from demonstration where prompt_id = ?1", prompt)).isZero();
  }

  @Test
  void saysHowFarSomebodyIs() {
    prompts(3);
    progress(ann).body("pending", equalTo(3)).body("submittedToday", equalTo(0));
    UUID prompt = leased(ann);
    draft(ann, prompt, Map.of("text", "Seven"));
    progress(ann).body("pending", equalTo(3)).body("draft", equalTo(1));
    progress(bob).body("pending", equalTo(2));
    write(ann, prompt, "Seven minutes.").statusCode(200);
    progress(ann)
        .body("pending", equalTo(2))
        .body("draft", equalTo(0))
        .body("submitted", equalTo(1))
        .body("submittedToday", equalTo(1));
    own(ann, "submitted")
        .body("items", hasSize(1))
        .body("items[0].promptId", equalTo(prompt.toString()))
        .body("next", nullValue());
    as(ann)
        .get("/api/projects/" + project + "/demonstrations/own?status=lost")
        .then()
        .statusCode(422);
  }

  /** What the code forgets, the table refuses. */
  @Test
  void theDatabaseKeepsOneSeatForAPersonAndWrittenOnesForGood() {
    UUID prompt = prompts(1).get(0);
    leased(ann);
    write(ann, prompt, "Seven minutes.").statusCode(200);
    assertThatThrownBy(
            () ->
                workplace.run(
                    "insert into demonstration_seat (prompt_id, seat, annotator_id, leased_at,"
                        + " lease_expires_at) values (?1, 2, ?2, now(), now())",
                    prompt,
                    ann.id))
        .hasStackTraceContaining("demonstration_seat_once_per_annotator");
    assertThatThrownBy(
            () ->
                workplace.run(
                    "update demonstration_seat set annotator_id = ?2 where prompt_id = ?1",
                    prompt,
                    bob.id))
        .hasStackTraceContaining("a submitted seat stays submitted");
    assertThatThrownBy(
            () ->
                workplace.run("update demonstration set text = 'no' where prompt_id = ?1", prompt))
        .hasStackTraceContaining("demonstration rows never change");
  }

  private ValidatableResponse skip(Account who, UUID prompt, String reason) {
    return as(who).body(Map.of("reason", reason)).post(path(prompt) + "/skip").then();
  }

  private ValidatableResponse own(Account who, String status) {
    return as(who)
        .get("/api/projects/" + project + "/demonstrations/own?status=" + status)
        .then()
        .statusCode(200);
  }

  private ValidatableResponse progress(Account who) {
    return as(who)
        .get("/api/projects/" + project + "/demonstrations/own/progress")
        .then()
        .statusCode(200);
  }
}

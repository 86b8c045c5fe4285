package org.laurel.instant;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.engine.run.HeldOut;
import org.laurel.task.Leases;
import org.laurel.task.Workplace;

@QuarkusTest
class OpenTasksTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String ANSWER = "Here is what matters about it: how it is made.";
  private static final String LIKE_IT = "Here is what matters about it: how it was made.";
  private static final String REFUSAL = "I am sorry, but I do not want to talk with you about it.";

  @Inject Workplace workplace;
  @Inject OpenTasks openTasks;
  @Inject EntityManager database;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  /** Answers always beat refusals; nobody has ever had to choose between two answers. */
  @Test
  void tasksThatTheVotesSayLittleAboutAreTheUncertainOnes() throws InterruptedException {
    UUID project = workplace.project("{\"uncertainFirst\": true}");
    List<UUID> tasks = workplace.tasks(project, 40, 1, ANSWER, REFUSAL);
    List<UUID> clear = tasks.subList(0, 20);
    List<UUID> open = tasks.subList(20, 39);
    UUID comparesPolicies = tasks.get(39);
    workplace.run("update task set origin = 'evaluation' where id = ?1", comparesPolicies);
    for (UUID task : open) {
      workplace.run(
          "update completion set text = ?1 where text = ?2 and id in"
              + " (select completion_id from task_completion where task_id = ?3)",
          LIKE_IT,
          REFUSAL,
          task);
    }
    vote(project, 30);
    List<Double> ofClear = judged(project, clear);
    List<Double> ofOpen = judged(project, open);
    assertThat(ofClear).isNotEmpty().allSatisfy(u -> assertThat(u).isLessThan(0.6));
    assertThat(ofOpen).isNotEmpty().allSatisfy(u -> assertThat(u).isGreaterThan(0.9));
    assertThat(uncertainties(List.of(comparesPolicies))).isEmpty();

    // more votes leave less open, and nobody has to ask for it
    double before = ofClear.get(0);
    vote(project, 60);
    Instant end = Instant.now().plus(PATIENCE);
    while (uncertainties(clear).get(0) > before - 0.02 && Instant.now().isBefore(end)) {
      Thread.sleep(200);
    }
    assertThat(uncertainties(clear).get(0)).isLessThan(before - 0.02);
  }

  @Test
  void onlyProjectsThatWantItAndHaveOpenTasksAreLookedAt() {
    UUID wants = workplace.project("{\"uncertainFirst\": true}");
    UUID hasNone = workplace.project("{\"uncertainFirst\": true}");
    UUID wantsNot = workplace.project("{\"uncertainFirst\": false}");
    UUID saysNothing = workplace.project("{}");
    for (UUID project : List.of(wants, wantsNot, saysNothing)) {
      workplace.tasks(project, 1, 1, ANSWER, REFUSAL);
    }
    assertThat(openTasks.wanted()).contains(wants).doesNotContain(hasNone, wantsNot, saysNothing);
  }

  /**
   * What they got once all that are to be judged were, while people go on voting; the others stay
   * without.
   */
  private List<Double> judged(UUID project, List<UUID> tasks) throws InterruptedException {
    List<UUID> chosen = new ArrayList<>();
    List<UUID> inTurn = new ArrayList<>();
    for (UUID task : tasks) {
      String opening =
          (String)
              workplace.one(
                  "select p.text from task t join prompt p on p.id = t.prompt_id where t.id = ?1",
                  task);
      (HeldOut.contains(opening, Leases.SHARE_IN_TURN) ? inTurn : chosen).add(task);
    }
    Instant end = Instant.now().plus(PATIENCE);
    for (int i = 0;
        uncertainties(chosen).size() < chosen.size() && Instant.now().isBefore(end);
        i++) {
      vote(project, "Which colour, " + tasks.get(0) + " " + i + "?", "Blue.", "Green.");
      Thread.sleep(200);
    }
    assertThat(inTurn).as("of prompts that may judge a reward model").isNotEmpty();
    assertThat(uncertainties(inTurn)).isEmpty();
    assertThat(uncertainties(chosen)).hasSameSizeAs(chosen);
    return uncertainties(chosen);
  }

  private List<Double> uncertainties(List<UUID> tasks) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                database
                    .createNativeQuery(
                        "select cast(uncertainty as float8) from task where id in (:ids)"
                            + " and uncertainty is not null order by id",
                        Double.class)
                    .setParameter("ids", tasks)
                    .getResultList()
                    .stream()
                    .map(Double.class::cast)
                    .toList());
  }

  private void vote(UUID project, int count) {
    for (int i = 0; i < count; i++) {
      vote(project, "What is number " + i + " of " + count + "?", ANSWER, REFUSAL);
    }
  }

  private void vote(UUID project, String prompt, String chosen, String rejected) {
    String line =
        "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}"
            .formatted(prompt, chosen, rejected);
    TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(line.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/comparisons")
        .then()
        .statusCode(200);
  }
}

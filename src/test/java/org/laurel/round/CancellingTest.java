package org.laurel.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.database.Interleaving;
import org.laurel.dataset.Votes;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.run.Run;
import org.laurel.run.RunStatus;

@QuarkusTest
class CancellingTest {
  @Inject Votes votes;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  @Test
  void aStepThatIsBeginningIsCancelledWithItsRound() throws Exception {
    UUID project = votes.project();
    UUID round = round(project, RunStatus.CANCELLED);

    // The step cannot freeze what it learns from before the project is free again.
    int status =
        Interleaving.beforeCommit(
            () ->
                Run.getEntityManager()
                    .createNativeQuery("select id from project where id = ?1 for update")
                    .setParameter(1, project)
                    .getSingleResult(),
            2,
            () -> {
              votes.execute("update round set status = 'queued' where id = ?", round);
              Interleaving.awaitWaiting();
              return cancel(round);
            });
    Interleaving.await(() -> !runs(round).isEmpty());

    assertThat(status).isEqualTo(202);
    assertThat(statusOf(round)).isEqualTo(RunStatus.CANCELLED);
    assertThat(runs(round))
        .singleElement()
        .matches(run -> run.status == RunStatus.CANCELLED || run.cancelRequested);
  }

  @Test
  void aRunThatFinishesMeanwhileStaysFinished() throws Exception {
    UUID round = round(votes.project(), RunStatus.RUNNING);
    UUID run = running(round);

    int status =
        Interleaving.beforeCommit(
            () ->
                Run.update(
                    "status = ?1, finishedAt = instant, metrics = ?2, slot = null where id = ?3",
                    RunStatus.FINISHED,
                    Map.of("loss", 0.5),
                    run),
            1,
            () -> cancel(round));

    assertThat(status).isEqualTo(202);
    Run ended = runs(round).get(0);
    assertThat(ended.status).isEqualTo(RunStatus.FINISHED);
    assertThat(ended.finishedAt).isNotNull();
    assertThat(ended.metrics).containsEntry("loss", 0.5);
  }

  private int cancel(UUID round) {
    return TestAccounts.as(administrator).post("/api/rounds/" + round + "/cancel").statusCode();
  }

  private static UUID round(UUID project, RunStatus status) {
    PolicyVersion policy = TestPolicies.create(21);
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Round round = new Round();
              round.projectId = project;
              round.number = 1;
              round.status = status;
              round.configuration =
                  new Round.RoundPlan(List.of("sft"), Map.of(), policy.id, null, null, null);
              round.persist();
              return round.id;
            });
  }

  /** A run on a machine that is not here. */
  private static UUID running(UUID round) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Run run = new Run();
              run.roundId = round;
              run.kind = "sft";
              run.status = RunStatus.RUNNING;
              run.machine = "elsewhere-" + round;
              run.slot = 1;
              run.persist();
              return run.id;
            });
  }

  private static List<Run> runs(UUID round) {
    return QuarkusTransaction.requiringNew().call(() -> Run.ofRound(round));
  }

  private static RunStatus statusOf(UUID round) {
    return QuarkusTransaction.requiringNew().call(() -> Round.get(round).status);
  }
}

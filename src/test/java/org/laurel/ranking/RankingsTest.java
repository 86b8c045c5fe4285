package org.laurel.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.task.Leases;
import org.laurel.task.Seat;
import org.laurel.task.Workplace;
import org.laurel.web.Precondition;
import org.laurel.web.Problem;

@QuarkusTest
class RankingsTest {

  private static final String[] FOUR = {"four", "4", "about four", "five"};

  @Inject Leases leases;
  @Inject Rankings rankings;
  @Inject Workplace workplace;

  UUID project;
  UUID ann;

  @BeforeEach
  void people() {
    project = workplace.project("{}");
    ann = workplace.annotator();
  }

  @Test
  void storesARankingWithTiesAsPlacesAndComparisons() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    List<UUID> shown = leases.next(project, ann, null).orElseThrow().displayed();
    List<List<UUID>> groups =
        List.of(List.of(shown.get(2)), List.of(shown.get(0), shown.get(3)), List.of(shown.get(1)));
    StoredRanking stored = rankings.submit(task, ann, order(groups));
    assertThat(stored.groups()).isEqualTo(groups);
    assertThat(stored.displayOrder()).isEqualTo(shown);
    assertThat(stored.version()).isEqualTo(1);
    assertThat(count("select count(*) from comparison where task_id = ?1", task)).isEqualTo(6);
    assertThat(count("select count(*) from comparison where task_id = ?1 and tie", task))
        .isEqualTo(1);
    assertThat(
            count(
                "select count(*) from comparison where task_id = ?1 and chosen_id = ?2 and not tie",
                task,
                shown.get(2)))
        .isEqualTo(3);
    assertThat(
            count(
                "select count(*) from audit_event where action = 'ranking.submitted'"
                    + " and subject_id = ?1",
                stored.id().toString()))
        .isEqualTo(1);
    assertThat(count("select count(*) from task where id = ?1 and closed_at is not null", task))
        .isEqualTo(1);
  }

  @Test
  void takesTheSameRankingTwiceAsOneAndAChangedOneAsANewVersion() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    List<UUID> shown = leases.next(project, ann, null).orElseThrow().displayed();
    List<List<UUID>> tied = List.of(List.of(shown.get(0), shown.get(1)), shown.subList(2, 4));
    StoredRanking first = rankings.submit(task, ann, order(tied));
    List<List<UUID>> same =
        List.of(List.of(shown.get(1), shown.get(0)), List.of(shown.get(3), shown.get(2)));
    assertThat(rankings.submit(task, ann, order(same))).isEqualTo(first);
    List<List<UUID>> other = List.of(shown.subList(2, 4), shown.subList(0, 2));
    StoredRanking second = rankings.submit(task, ann, order(other));
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.version()).isEqualTo(2);
    assertThat(second.groups()).isEqualTo(other);
    assertThat(
            count(
                "select count(*) from ranking_place where ranking_id = ?1 and place = 1"
                    + " and completion_id = ?2",
                first.id(),
                shown.get(2)))
        .isEqualTo(1);
    assertThat(count("select count(*) from ranking_version where ranking_id = ?1", first.id()))
        .isEqualTo(2);
  }

  @Test
  void takesNoneOfTheseAsAnAnswer() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    leases.next(project, ann, null);
    StoredRanking stored =
        rankings.submit(task, ann, new Submission(null, null, null, null, "all wrong", 900L, true));
    assertThat(stored.unrankable()).isTrue();
    assertThat(stored.groups()).isEmpty();
    assertThat(count("select count(*) from comparison where task_id = ?1", task)).isZero();
  }

  @Test
  void namesEverythingThatIsWrong() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    List<UUID> shown = leases.next(project, ann, null).orElseThrow().displayed();
    String stranger = UUID.randomUUID().toString();
    String first = shown.get(0).toString();
    Submission wrong =
        new Submission(
            List.of(List.of(first, stranger), List.of(first), List.of()),
            Map.of(first, 8),
            Map.of("no id", List.of("untrue")),
            5,
            null,
            -1L,
            null);
    assertThatThrownBy(() -> rankings.submit(task, ann, wrong))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(422);
              assertThat(problem.getMessage())
                  .contains(stranger)
                  .contains("ranked twice")
                  .contains("completion " + shown.get(3) + " is missing")
                  .contains("empty")
                  .contains("rating 8")
                  .contains("no id")
                  .contains("strength 5")
                  .contains("negative");
            });
    assertThat(count("select count(*) from ranking where task_id = ?1", task)).isZero();
  }

  @Test
  void refusesAnExpiredLeaseAndSaysHowToTakeItUpAgain() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    List<UUID> shown = leases.next(project, ann, null).orElseThrow().displayed();
    workplace.expire(task);
    assertConflict(() -> rankings.submit(task, ann, strict(shown)), "ran out");
    leases.of(task, ann);
    assertThat(rankings.submit(task, ann, strict(shown)).version()).isEqualTo(1);
  }

  @Test
  void refusesSomebodyElsesLease() {
    UUID task = workplace.tasks(project, 1, 2, FOUR).get(0);
    UUID bob = workplace.annotator();
    List<UUID> shown = leases.next(project, ann, null).orElseThrow().displayed();
    assertConflict(() -> rankings.submit(task, bob, strict(shown)), "/lease");
    workplace.expire(task);
    leases.next(project, bob, null);
    leases.next(project, workplace.annotator(), null);
    assertConflict(() -> rankings.submit(task, ann, strict(shown)), "somebody else");
  }

  @Test
  void keepsTheOverlapUnderTwentyAnnotatorsAtOnce() throws Exception {
    int tasks = 30;
    int overlap = 3;
    workplace.tasks(project, tasks, overlap, FOUR);
    ExecutorService people = Executors.newFixedThreadPool(20);
    List<Future<List<UUID>>> work = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      UUID annotator = workplace.annotator();
      work.add(people.submit(rankUntilNothingIsLeft(annotator)));
    }
    int acknowledged = 0;
    for (Future<List<UUID>> ranked : work) {
      assertThat(ranked.get()).doesNotHaveDuplicates();
      acknowledged += ranked.get().size();
    }
    people.shutdown();
    assertThat(acknowledged).isEqualTo(tasks * overlap);
    assertThat(count("select count(*) from ranking where project_id = ?1", project))
        .isEqualTo(tasks * overlap);
    assertThat(
            count(
                "select max(n) from (select count(*) as n from ranking where project_id = ?1"
                    + " group by task_id) per_task",
                project))
        .isEqualTo(overlap);
    assertThat(
            count(
                "select count(distinct (task_id, annotator_id)) from ranking where project_id = ?1",
                project))
        .isEqualTo(tasks * overlap);
    assertThat(
            count("select count(*) from task where project_id = ?1 and closed_at is null", project))
        .isZero();
  }

  /** Before leases waited for what another window was just saving, they undid it. */
  @Test
  void anotherWindowsLeaseUndoesNothing() throws Exception {
    ExecutorService windows = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 30; i++) {
      UUID annotator = workplace.annotator();
      UUID own = workplace.project("{}");
      List<UUID> tasks = workplace.tasks(own, 3, 2, FOUR);
      UUID ranked = tasks.get(0);
      UUID drafted = tasks.get(1);
      List<UUID> shown = leases.next(own, annotator, null).orElseThrow().displayed();
      leases.next(own, annotator, ranked);
      List<Callable<Object>> at = new ArrayList<>();
      at.add(() -> rankings.submit(ranked, annotator, strict(shown)));
      at.add(
          () ->
              leases.draft(
                  drafted,
                  annotator,
                  JsonNodeFactory.instance.objectNode().put("a", 1),
                  Precondition.NONE));
      at.add(() -> leases.next(own, annotator, null));
      at.add(() -> leases.next(own, annotator, ranked));
      for (Future<Object> done : windows.invokeAll(at)) {
        done.get();
      }
      assertThat(
              count(
                  "select count(*) from task_seat where annotator_id = ?1 and task_id = ?2"
                      + " and submitted_at is not null and lease_expires_at is null",
                  annotator,
                  ranked))
          .as("ranked, round " + i)
          .isEqualTo(1);
      assertThat(
              count(
                  "select count(*) from task_seat where annotator_id = ?1 and task_id = ?2"
                      + " and draft is not null",
                  annotator,
                  drafted))
          .as("drafted, round " + i)
          .isEqualTo(1);
      windows.invokeAll(
          List.of(
              () -> {
                leases.skip(drafted, annotator, "unclear");
                return drafted;
              },
              () -> leases.next(own, annotator, null),
              () -> leases.next(own, annotator, ranked)));
      assertThat(
              count(
                  "select count(*) from task_seat where annotator_id = ?1 and task_id = ?2",
                  annotator,
                  drafted))
          .as("skipped, round " + i)
          .isZero();
    }
    windows.shutdown();
  }

  @Test
  void ownLeasesAreRenewedWhileADraftIsSaved() throws Exception {
    ExecutorService windows = Executors.newFixedThreadPool(2);
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    leases.next(project, ann, null);
    for (int i = 0; i < 40; i++) {
      ObjectNode work = JsonNodeFactory.instance.objectNode().put("a", i);
      for (Future<Seat> done :
          windows.invokeAll(
              List.<Callable<Seat>>of(
                  () -> leases.draft(task, ann, work, Precondition.NONE),
                  () -> leases.of(task, ann)))) {
        assertThat(done.get().annotatorId).isEqualTo(ann);
      }
    }
    windows.shutdown();
  }

  @Test
  void theDatabaseItselfKeepsASubmittedSeat() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    List<UUID> shown = leases.next(project, ann, null).orElseThrow().displayed();
    rankings.submit(task, ann, strict(shown));
    assertThatThrownBy(
            () ->
                workplace.run("update task_seat set submitted_at = null where task_id = ?1", task))
        .hasMessageContaining("submitted");
    assertThatThrownBy(
            () ->
                workplace.run("update task_seat set annotator_id = null where task_id = ?1", task))
        .hasMessageContaining("submitted");
  }

  /** Works two windows at a time, as the page does. */
  private Callable<List<UUID>> rankUntilNothingIsLeft(UUID annotator) {
    return () -> {
      List<UUID> ranked = new ArrayList<>();
      @Nullable Seat seat = leases.next(project, annotator, null).orElse(null);
      while (seat != null) {
        Optional<Seat> beside = leases.next(project, annotator, seat.taskId);
        rankings.submit(seat.taskId, annotator, strict(seat.displayed()));
        ranked.add(seat.taskId);
        seat = beside.or(() -> leases.next(project, annotator, null)).orElse(null);
      }
      return ranked;
    };
  }

  private static void assertConflict(Callable<?> call, String says) {
    assertThatThrownBy(call::call)
        .hasMessageContaining(says)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(409));
  }

  private static Submission strict(List<UUID> completions) {
    return order(completions.stream().map(List::of).toList());
  }

  private static Submission order(List<List<UUID>> groups) {
    List<@Nullable List<@Nullable String>> ids = new ArrayList<>();
    for (List<UUID> group : groups) {
      List<@Nullable String> tied = new ArrayList<>();
      group.forEach(id -> tied.add(id.toString()));
      ids.add(tied);
    }
    return new Submission(ids, null, null, null, null, 5000L, null);
  }

  private long count(String sql, Object... parameters) {
    return ((Number) workplace.one(sql, parameters)).longValue();
  }
}

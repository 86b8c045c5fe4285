package org.laurel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.ranking.Rankings;
import org.laurel.ranking.Submission;
import org.laurel.web.Precondition;
import org.laurel.web.Problem;

/** Checks come among the other tasks, to each person once, and nothing shown tells them apart. */
@QuarkusTest
class CheckTurnsTest {
  private static final String[] FOUR = {"four", "4", "about four", "five"};

  @Inject Leases leases;
  @Inject LeasedTasks shown;
  @Inject Queue queue;
  @Inject Rankings rankings;
  @Inject Workplace workplace;
  @Inject ObjectMapper json;

  UUID project;
  UUID ann;

  @BeforeEach
  void people() {
    project = workplace.project("{\"checkShare\": 0.5, \"checkPause\": 0}");
    ann = workplace.annotator();
  }

  /**
   * A coin decides at every turn: that all of forty fall on one side happens once in 5e11 times.
   */
  @Test
  void comeAmongTheOthersAtMostOnceToEach() {
    List<UUID> tasks = workplace.tasks(project, 40, 1, FOUR);
    List<UUID> checks = checks(60);
    List<UUID> mine = rankAll(ann);
    assertThat(mine).doesNotHaveDuplicates().containsAll(tasks);
    for (int i = 0; i < 20; i++) {
      assertThat(leases.next(project, ann, null)).as("nor whenever one asks").isEmpty();
    }
    List<UUID> met = mine.stream().filter(checks::contains).toList();
    assertThat(met).isNotEmpty();
    assertThat(mine.get(mine.size() - 1)).as("none after the last task").isIn(tasks);
    assertThat(mine.stream().filter(tasks::contains)).as("the others in turn").isEqualTo(tasks);
    assertThat(met).as("in no order").isNotEqualTo(checks.subList(0, met.size()));
  }

  @Test
  void comeToEverybodyAndTakeNoSeatOfATask() {
    UUID check = checks(1).get(0);
    List<UUID> people = Stream.generate(workplace::annotator).limit(25).toList();
    List<UUID> tasks = workplace.tasks(project, 1, 20, FOUR);
    workplace.run("update project set settings = '{\"checkShare\": 0}' where id = ?1", project);
    assertThat(leases.next(project, people.get(0), null).orElseThrow().taskId)
        .as("the share is none")
        .isEqualTo(tasks.get(0));
    workplace.run("update project set settings = '{\"checkShare\": 0.5}' where id = ?1", project);
    workplace.tasks(project, 30, 20, FOUR);
    for (UUID person : people) {
      List<UUID> before = new ArrayList<>();
      while (!before.contains(check)) {
        before.add(leases.next(project, person, null).orElseThrow().taskId);
        skipUnless(check, person, before);
      }
      rank(check, person);
    }
    assertThat(workplace.one("select count(*) from ranking where task_id = ?1", check))
        .as("theirs and the first one")
        .isEqualTo(26L);
    assertThat(
            workplace.one(
                "select count(*) from task_seat where task_id = ?1 and not checking", check))
        .as("as many as were wanted")
        .isEqualTo(1L);
  }

  private void skipUnless(UUID check, UUID person, List<UUID> before) {
    UUID last = before.get(before.size() - 1);
    if (!last.equals(check)) {
      leases.skip(last, person, "unclear");
    }
  }

  @Test
  void ofManyTurnsAtOnceEachGetsASeatOfItsOwn() {
    workplace.tasks(project, 1, 20, FOUR);
    UUID check = checks(1).get(0);
    List<CompletableFuture<Optional<Seat>>> turns =
        Stream.generate(workplace::annotator)
            .limit(16)
            .map(person -> CompletableFuture.supplyAsync(() -> leases.next(project, person, null)))
            .toList();
    List<Seat> seats = turns.stream().map(CompletableFuture::join).map(Optional::get).toList();
    List<Seat> checked = seats.stream().filter(seat -> seat.taskId.equals(check)).toList();
    assertThat(checked.stream().map(seat -> seat.seat)).doesNotHaveDuplicates();
    assertThatThrownBy(
            () ->
                workplace.run(
                    "insert into task_seat (task_id, seat, annotator_id, checking)"
                        + " values (?1, 100, ?2, true), (?1, 101, ?2, true)",
                    check,
                    ann))
        .hasStackTraceContaining("task_seat_once_per_annotator");
  }

  @Test
  void lookLikeAnyOtherTask() throws Exception {
    workplace.tasks(project, 40, 1, FOUR);
    List<UUID> checks = checks(40);
    Set<String> ofChecks = new HashSet<>();
    Set<String> ofOthers = new HashSet<>();
    long before = queue.progress(project, ann).pending();
    for (int i = 0; i < 30; i++) {
      Seat seat = leases.next(project, ann, null).orElseThrow();
      JsonNode lease = json.readTree(json.writeValueAsString(shown.from(seat, true)));
      (checks.contains(seat.taskId) ? ofChecks : ofOthers).add(shape(lease));
      assertThat(queue.progress(project, ann).pending()).as("in hand").isEqualTo(before - i);
      assertThat(queue.items(project, ann, Queue.Status.PENDING, 0, 100))
          .as("what comes next is not told")
          .extracting(Queue.Entry::taskId)
          .containsExactly(seat.taskId);
      rank(seat.taskId, ann);
      assertThat(queue.progress(project, ann).pending()).as("sent").isEqualTo(before - i - 1);
    }
    assertThat(ofChecks).hasSize(1).isEqualTo(ofOthers);
  }

  private static String shape(JsonNode node) {
    if (node.isObject()) {
      StringBuilder shape = new StringBuilder("{");
      node.properties().forEach(e -> shape.append(e.getKey()).append(shape(e.getValue())));
      return shape.append('}').toString();
    }
    if (node.isArray()) {
      StringBuilder shape = new StringBuilder("[");
      node.forEach(one -> shape.append(shape(one)).append(','));
      return shape.append(']').toString();
    }
    return node.getNodeType().toString();
  }

  @Test
  void areSkippedTakenUpAndDraftedAsOthersAre() {
    workplace.tasks(project, 60, 1, FOUR);
    List<UUID> checks = checks(60);
    UUID skipped = untilCheck(checks);
    leases.skip(skipped, ann, "unclear");
    assertThat(workplace.all("select seat from task_seat where task_id = ?1 and checking", skipped))
        .as("nobody else's")
        .isEmpty();
    UUID other = untilCheck(checks);
    assertThat(other).isNotEqualTo(skipped);
    assertThat(leases.next(project, ann, null).orElseThrow().taskId).isEqualTo(other);
    leases.draft(other, ann, json.createObjectNode().put("rationale", "so far"), Precondition.NONE);
    workplace.expire(other);
    assertThatThrownBy(() -> leases.of(other, workplace.annotator()))
        .as("nobody else takes the seat")
        .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(409));
    Seat again = leases.of(other, ann);
    assertThat(again.draft).isNotNull();
    rank(other, ann);
    rank(skipped, ann);
    assertThat(queue.progress(project, ann).skipped()).isZero();
  }

  private UUID untilCheck(List<UUID> checks) {
    UUID task = leases.next(project, ann, null).orElseThrow().taskId;
    while (!checks.contains(task)) {
      rank(task, ann);
      task = leases.next(project, ann, null).orElseThrow().taskId;
    }
    return task;
  }

  @Test
  void leaveTheSeatsThatAnOpenTaskWantsToWhoeverHasTheirTurn() {
    workplace.run("update project set settings = '{\"checkShare\": 1}' where id = ?1", project);
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    workplace.check(task);
    UUID bob = workplace.annotator();
    workplace.beginCheck(task, bob);
    assertThat(leases.next(project, ann, null).orElseThrow().seat).isEqualTo((short) 1);
    UUID cara = workplace.annotator();
    assertThat(leases.next(project, cara, null)).isEmpty();
    assertThatThrownBy(() -> leases.of(task, cara)).isInstanceOf(Problem.class);
    assertThat(leases.next(project, bob, null).orElseThrow().seat).isEqualTo((short) 2);
    rank(task, ann);
    assertThat(workplace.one("select closed_at is not null from task where id = ?1", task))
        .as("as many ranked it as were wanted")
        .isEqualTo(true);
    assertThat(leases.next(project, bob, null).orElseThrow().seat)
        .as("still in hand")
        .isEqualTo((short) 2);
  }

  @Test
  void comeAgainOnceTheLeaseRanOutThoughNothingElseIsLeft() {
    workplace.tasks(project, 60, 1, FOUR);
    List<UUID> checks = checks(60);
    UUID begun = untilCheck(checks);
    workplace.expire(begun);
    workplace.run("update task set closed_at = now() where project_id = ?1", project);
    assertThat(queue.progress(project, ann).pending()).isEqualTo(1);
    assertThat(leases.next(project, ann, null).orElseThrow().taskId).isEqualTo(begun);
    assertThat(leases.next(project, ann, begun)).isEmpty();
  }

  /** Tasks that are settled, ranked once and closed, and marked. */
  private List<UUID> checks(int count) {
    List<UUID> tasks = workplace.tasks(project, count, 1, FOUR);
    UUID other = workplace.annotator();
    for (UUID task : tasks) {
      leases.of(task, other);
      rank(task, other);
      workplace.check(task);
    }
    return tasks;
  }

  private List<UUID> rankAll(UUID annotator) {
    List<UUID> done = new ArrayList<>();
    Optional<Seat> seat = leases.next(project, annotator, null);
    while (seat.isPresent()) {
      done.add(seat.get().taskId);
      rank(seat.get().taskId, annotator);
      seat = leases.next(project, annotator, null);
    }
    return done;
  }

  private void rank(UUID task, UUID annotator) {
    leases.of(task, annotator);
    List<List<String>> order =
        workplace.completions(task).stream().map(id -> List.of(id.toString())).toList();
    rankings.submit(
        task, annotator, new Submission(order, Map.of(), Map.of(), null, null, 60_000L, false));
  }
}

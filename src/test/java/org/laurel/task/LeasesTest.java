package org.laurel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.sampling.Completion;
import org.laurel.web.Precondition;
import org.laurel.web.Problem;

@QuarkusTest
class LeasesTest {

  private static final String[] FOUR = {"four", "4", "about four", "five"};

  @Inject Leases leases;
  @Inject Workplace workplace;

  UUID project;
  UUID ann;
  UUID bob;

  @BeforeEach
  void people() {
    project = workplace.project("{}");
    ann = workplace.annotator();
    bob = workplace.annotator();
  }

  @Test
  void givesTheSameTaskAgainUntilItIsDone() {
    workplace.tasks(project, 2, 1, FOUR);
    Seat first = leases.next(project, ann, null).orElseThrow();
    Seat again = leases.next(project, ann, null).orElseThrow();
    assertThat(again.taskId).isEqualTo(first.taskId);
    assertThat(again.displayed()).isEqualTo(first.displayed());
  }

  @Test
  void givesDifferentTasksToDifferentPeopleWhenEachIsWantedOnce() {
    workplace.tasks(project, 2, 1, FOUR);
    Seat one = leases.next(project, ann, null).orElseThrow();
    Seat other = leases.next(project, bob, null).orElseThrow();
    assertThat(other.taskId).isNotEqualTo(one.taskId);
    assertThat(leases.next(project, workplace.annotator(), null)).isEmpty();
  }

  @Test
  void holdsTheNextTaskBesideTheCurrentOneButNoThird() {
    workplace.tasks(project, 5, 1, FOUR);
    UUID current = leases.next(project, ann, null).orElseThrow().taskId;
    UUID next = leases.next(project, ann, current).orElseThrow().taskId;
    assertThat(next).isNotEqualTo(current);
    assertThat(leases.next(project, ann, current).orElseThrow().taskId).isEqualTo(next);
    assertThat(leases.next(project, ann, next).orElseThrow().taskId).isEqualTo(current);
    assertThat(leases.next(project, ann, UUID.randomUUID()).orElseThrow().taskId)
        .isIn(current, next);
  }

  @Test
  void handsOutTasksOfHigherPriorityFirst() {
    List<UUID> tasks = workplace.tasks(project, 3, 1, FOUR);
    prioritise(tasks.get(2), 5);
    assertThat(leases.next(project, ann, null).orElseThrow().taskId).isEqualTo(tasks.get(2));
  }

  /** A die decides at every lease: that none of fifty is in its turn happens once in 1e6 times. */
  @Test
  void handsOutTheMostUncertainTasksAmongThoseInTurnWhereTheProjectWantsIt() {
    UUID eager = workplace.project("{\"uncertainFirst\": true}");
    List<UUID> tasks = workplace.tasks(eager, 100, 1, FOUR);
    List<UUID> uncertain = tasks.subList(50, 100);
    for (int i = 0; i < uncertain.size(); i++) {
      uncertainty(uncertain.get(i), 0.99 - 0.01 * i);
    }
    List<UUID> leased = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Seat seat = leases.next(eager, workplace.annotator(), null).orElseThrow();
      leased.add(seat.taskId);
      int place = uncertain.indexOf(seat.taskId);
      assertThat(seat.uncertainty).isEqualTo(place < 0 ? null : (float) (0.99 - 0.01 * place));
    }
    List<UUID> chosen = leased.stream().filter(uncertain::contains).toList();
    List<UUID> inTurn = leased.stream().filter(task -> !uncertain.contains(task)).toList();
    assertThat(chosen).isNotEmpty().isEqualTo(uncertain.subList(0, chosen.size()));
    assertThat(inTurn).isNotEmpty().isEqualTo(tasks.subList(0, inTurn.size()));
  }

  @Test
  void handsOutTasksInTurnWhereTheProjectDoesNotWantUncertainOnes() {
    List<UUID> tasks = workplace.tasks(project, 30, 1, FOUR);
    tasks.subList(20, 30).forEach(task -> uncertainty(task, 0.9));
    for (int i = 0; i < 20; i++) {
      Seat seat = leases.next(project, workplace.annotator(), null).orElseThrow();
      assertThat(seat.taskId).isEqualTo(tasks.get(i));
      assertThat(seat.uncertainty).isNull();
    }
  }

  @Test
  void aHigherPriorityComesBeforeAnyUncertainty() {
    UUID eager = workplace.project("{\"uncertainFirst\": true}");
    List<UUID> tasks = workplace.tasks(eager, 25, 1, FOUR);
    tasks.subList(0, 20).forEach(task -> prioritise(task, 10));
    tasks.subList(0, 20).forEach(task -> uncertainty(task, 0.5));
    tasks.subList(20, 24).forEach(task -> uncertainty(task, 0.9));
    for (int i = 0; i < 20; i++) {
      assertThat(leases.next(eager, workplace.annotator(), null).orElseThrow().taskId)
          .isEqualTo(tasks.get(i));
    }
  }

  private void uncertainty(UUID task, double value) {
    workplace.run("update task set uncertainty = ?1 where id = ?2", value, task);
  }

  private void prioritise(UUID task, int priority) {
    workplace.run("update task set priority = ?1 where id = ?2", priority, task);
  }

  @Test
  void showsEachPersonAnOrderOfHisOwn() {
    UUID task = workplace.tasks(project, 1, 20, "a", "b", "c", "d", "e", "f", "g", "h").get(0);
    Set<List<UUID>> orders = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Seat seat = leases.next(project, workplace.annotator(), null).orElseThrow();
      assertThat(seat.taskId).isEqualTo(task);
      assertThat(seat.displayed()).hasSize(8).doesNotHaveDuplicates();
      orders.add(seat.displayed());
    }
    assertThat(orders).hasSizeGreaterThan(5);
  }

  @Test
  void doesNotOfferASkippedTaskAgainButGivesItBackOnRequest() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    leases.next(project, ann, null);
    leases.skip(task, ann, "I know nothing of sums");
    leases.skip(task, ann, "twice is once");
    assertThat(leases.next(project, ann, null)).isEmpty();
    assertThat(leases.of(task, ann).taskId).isEqualTo(task);
    leases.skip(task, ann, "no");
    assertThat(leases.next(project, bob, null).orElseThrow().taskId).isEqualTo(task);
    assertThatThrownBy(() -> leases.of(task, ann)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> leases.skip(task, workplace.annotator(), "not mine"))
        .isInstanceOf(Problem.class);
  }

  @Test
  void leasesAnExpiredSeatToSomebodyElse() {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    leases.next(project, ann, null);
    assertThat(leases.next(project, bob, null)).isEmpty();
    workplace.expire(task);
    assertThat(leases.next(project, bob, null).orElseThrow().taskId).isEqualTo(task);
    assertThatThrownBy(() -> leases.of(task, ann))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("free");
  }

  @Test
  void keepsTheDraftOfAnExpiredLeaseUntilSomebodyElseTakesTheSeat() throws Exception {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    List<UUID> shown = leases.next(project, ann, null).orElseThrow().displayed();
    leases.draft(
        task, ann, new ObjectMapper().readTree("{\"rationale\":\"half done\"}"), Precondition.NONE);
    workplace.expire(task);
    Seat back = leases.next(project, ann, null).orElseThrow();
    assertThat(back.displayed()).isEqualTo(shown);
    assertThat(String.valueOf(back.draft)).contains("half done");
    workplace.expire(task);
    Seat taken = leases.next(project, bob, null).orElseThrow();
    assertThat(taken.draft).isNull();
    assertThatThrownBy(
            () ->
                leases.draft(
                    task,
                    ann,
                    new ObjectMapper().readTree("{\"rationale\":\"late\"}"),
                    Precondition.NONE))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("/lease");
  }

  @Test
  void aDraftGoesOverNoneThatItDidNotBeginFrom() throws Exception {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    leases.next(project, ann, null);
    Precondition none = new Precondition(null, "*");
    Seat first = leases.draft(task, ann, new ObjectMapper().readTree("{\"a\":1}"), none);
    Precondition begun = new Precondition("\"" + first.draftSavedAt + "\"", null);
    leases.draft(task, ann, new ObjectMapper().readTree("{\"a\":2}"), begun);
    for (Precondition past : List.of(none, begun)) {
      assertThatThrownBy(
              () -> leases.draft(task, ann, new ObjectMapper().readTree("{\"a\":3}"), past))
          .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(412));
    }
    assertThat(leases.held(task, ann).draft).hasToString("{\"a\":2}");
    leases.draft(task, ann, new ObjectMapper().readTree("{}"), Precondition.NONE);
    leases.draft(task, ann, new ObjectMapper().readTree("{\"a\":4}"), none);
  }

  @Test
  void aDraftRenewsTheLease() throws Exception {
    UUID task = workplace.tasks(project, 1, 1, FOUR).get(0);
    leases.next(project, ann, null);
    workplace.expire(task);
    Seat seat = leases.draft(task, ann, new ObjectMapper().readTree("{}"), Precondition.NONE);
    assertThat(seat.isLeased(Instant.now())).isTrue();
    assertThat(leases.next(project, bob, null)).isEmpty();
  }

  @Test
  void aLeaseLastsAsLongAsTheProjectSays() {
    UUID brisk = workplace.project("{\"leaseMinutes\": 2}");
    workplace.tasks(brisk, 1, 1, FOUR);
    Seat seat = leases.next(brisk, ann, null).orElseThrow();
    assertThat(Optional.ofNullable(seat.leaseExpiresAt).orElseThrow())
        .isBetween(Instant.now().plusSeconds(110), Instant.now().plusSeconds(121));
  }

  @Test
  void hidesProjectsFromPeopleWhoDoNotWorkInThem() {
    workplace.tasks(project, 1, 1, FOUR);
    workplace.run("update account set all_projects = false where id = ?1", ann);
    assertThatThrownBy(() -> leases.next(project, ann, null)).isInstanceOf(Problem.class);
    workplace.run("insert into project_member values (?1, ?2)", project, ann);
    assertThat(leases.next(project, ann, null)).isPresent();
  }

  @Test
  void refusesToOpenATaskWithTheSameTextTwice() {
    assertThatThrownBy(() -> workplace.tasks(project, 1, 1, "the same", " the same "))
        .hasMessageContaining("same text");
    List<Completion> one = List.of(Completion.imported(UUID.randomUUID(), "alone"));
    assertThatThrownBy(
            () -> Task.open(project, UUID.randomUUID(), null, Task.Origin.IMPORT, 0, one, 1))
        .hasMessageContaining("two completions");
  }
}

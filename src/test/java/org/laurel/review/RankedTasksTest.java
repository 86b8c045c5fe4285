package org.laurel.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.ranking.Statistics;

@QuarkusTest
class RankedTasksTest extends ReviewScene {
  @Inject RankedTasks tasks;
  @Inject ProjectStatistics statistics;

  @Test
  void storesTheAgreementThatTheStatisticsTell() {
    UUID task = task();
    List<UUID> a = answers(task);
    rank(task, ann, strict(a));
    assertThat(only(all()).agreement()).isEqualTo("–");
    // of three pairs one is judged alike, one oppositely, one is tied by bob
    rank(task, bob, List.of(List.of(a.get(1)), List.of(a.get(0), a.get(2))));
    assertThat(statistics.of(project).agreement().rate()).isEqualTo(0.5);
    assertThat(only(all()).agreement()).isEqualTo("50%");
    assertThat(only(all()).counted()).isEqualTo(2);
    // another version is another agreement
    rankings.submit(task, bob, submission(strict(a), 60_000, Map.of(), null));
    assertThat(only(all()).agreement()).isEqualTo("100%");
  }

  @Test
  void findsWhatIsFasterThanReading() {
    List<UUID> made = workplace.tasks(project, 3, 1, "a".repeat(1000), "b".repeat(1010));
    rank(made.get(0), ann, strict(answers(made.get(0))), 20_100, Map.of(), null);
    rank(made.get(1), ann, strict(answers(made.get(1))), 20_099, Map.of(), null);
    assertThat(ids(all(Only.FAST))).containsExactly(made.get(1));
    rank(made.get(2), bob, strict(answers(made.get(2))), 900, Map.of(), null);
    assertThat(ids(all(Only.FAST))).containsExactly(made.get(2), made.get(1));
    assertThat(ids(find(new Filter(project, Only.FAST, false, ann), null)))
        .containsExactly(made.get(1));
    Statistics figures = statistics.of(project);
    assertThat(figures.time().fast()).isEqualTo(2);
    // taking one's time afterwards is as good
    rankings.submit(
        made.get(2), bob, submission(List.of(answers(made.get(2))), 30_000, Map.of(), null));
    assertThat(ids(all(Only.FAST))).containsExactly(made.get(1));
    assertThat(statistics.of(project).time().fast()).isEqualTo(1);
  }

  @Test
  void nobodyReadsAnythingInLessThanThreeSeconds() {
    List<UUID> made = workplace.tasks(project, 2, 1, "four", "4");
    rank(made.get(0), ann, strict(answers(made.get(0))), 3_000, Map.of(), null);
    rank(made.get(1), ann, strict(answers(made.get(1))), 2_999, Map.of(), null);
    assertThat(ids(all(Only.FAST))).containsExactly(made.get(1));
  }

  @Test
  void findsWhatIsFlaggedAndWhatCannotBeRanked() {
    List<UUID> made = workplace.tasks(project, 2, 1, THREE);
    UUID flagged = made.get(0);
    UUID unrankable = made.get(1);
    List<UUID> a = answers(flagged);
    rank(flagged, ann, strict(a), 60_000, Map.of(a.get(0).toString(), List.of("untrue")), null);
    rank(unrankable, bob, List.of());
    assertThat(ids(all(Only.FLAGGED))).containsExactly(flagged);
    assertThat(ids(all(Only.UNRANKABLE))).containsExactly(unrankable);
    assertThat(ids(find(new Filter(project, Only.FLAGGED, false, bob), null))).isEmpty();
    rankings.submit(flagged, ann, submission(strict(a), 60_000, Map.of(), null));
    assertThat(ids(all(Only.FLAGGED))).isEmpty();
  }

  @Test
  void pagesEveryListWithoutLeavingOutOrRepeating() {
    List<UUID> made = workplace.tasks(project, 2 * RankedTasks.PAGE + 5, 2, THREE);
    for (UUID task : made) {
      List<UUID> a = answers(task);
      rank(task, ann, strict(a));
      boolean alike = task.hashCode() % 2 == 0;
      rank(task, bob, alike ? strict(a) : strict(List.of(a.get(1), a.get(0), a.get(2))));
    }
    List<UUID> newest = paged(new Filter(project, Only.ALL, false, null));
    Collections.reverse(made);
    assertThat(newest).isEqualTo(made);
    assertThat(paged(new Filter(project, Only.ALL, false, ann))).isEqualTo(newest);
    for (@Nullable UUID by : Arrays.asList(null, bob)) {
      List<RankedTasks.Row> rows = new ArrayList<>();
      Filter disputed = new Filter(project, Only.ALL, true, by);
      paged(disputed, rows);
      assertThat(rows).extracting(RankedTasks.Row::id).containsExactlyInAnyOrderElementsOf(made);
      // 67%, then 100%
      assertThat(rows)
          .extracting(row -> row.agreement().length())
          .isSortedAccordingTo(Comparator.naturalOrder());
      assertThat(inTransaction(() -> tasks.following(disputed, rows.get(0).id())))
          .contains(rows.get(1).id());
    }
  }

  private List<UUID> paged(Filter filter) {
    return paged(filter, new ArrayList<>());
  }

  private List<UUID> paged(Filter filter, List<RankedTasks.Row> rows) {
    @Nullable UUID after = null;
    do {
      RankedTasks.Rows found = find(filter, after);
      rows.addAll(found.rows());
      after = found.next();
    } while (after != null);
    return rows.stream().map(RankedTasks.Row::id).toList();
  }

  private RankedTasks.Rows all() {
    return all(Only.ALL);
  }

  private RankedTasks.Rows all(Only only) {
    return find(new Filter(project, only, false, null), null);
  }

  private RankedTasks.Rows find(Filter filter, @Nullable UUID after) {
    return inTransaction(() -> tasks.find(filter, after));
  }

  private static <T> T inTransaction(Callable<T> work) {
    return QuarkusTransaction.requiringNew().call(work);
  }

  private static List<UUID> ids(RankedTasks.Rows rows) {
    return rows.rows().stream().map(RankedTasks.Row::id).toList();
  }

  private static RankedTasks.Row only(RankedTasks.Rows rows) {
    assertThat(rows.rows()).hasSize(1);
    return rows.rows().get(0);
  }
}

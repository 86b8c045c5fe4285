package org.laurel.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.laurel.preference.OrderedGroups;

class AuditsTest {

  private final Random random = new Random(7);

  @Test
  void seesThatPeopleTakeWhatStandsOnTop() {
    List<List<Vote>> votes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<UUID> shown = completions(4);
      List<UUID> ranked = new ArrayList<>(shown);
      if (i % 2 == 0) {
        Collections.shuffle(ranked, random);
      }
      votes.add(List.of(vote(shown, strict(ranked), Map.of())));
    }
    Audits.Position position = Audits.position(votes);
    assertThat(position.upperChosen().rate()).isBetween(0.7, 0.8);
    assertThat(position.upperChosen().suspicious()).isTrue();
    assertThat(position.bestByPosition().get(0)).isGreaterThan(0.55);
    assertThat(position.asShown()).isGreaterThanOrEqualTo(100);
    assertThat(position.asShownByChance()).isCloseTo(200 / 24.0, within(1e-9));
  }

  @Test
  void findsNothingInRandomOrders() {
    List<List<Vote>> votes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      List<UUID> shown = completions(4);
      List<UUID> ranked = new ArrayList<>(shown);
      Collections.shuffle(ranked, random);
      votes.add(List.of(vote(shown, strict(ranked), Map.of())));
    }
    assertThat(Audits.position(votes).upperChosen().rate()).isBetween(0.46, 0.54);
  }

  @Test
  void countsPairsOfTwoModelsForBoth() {
    List<UUID> ids = completions(4);
    OrderedGroups<UUID> order =
        new OrderedGroups<>(
            List.of(List.of(ids.get(0)), List.of(ids.get(1), ids.get(2)), List.of(ids.get(3))));
    Map<UUID, String> models = Map.of(ids.get(0), "a", ids.get(1), "a", ids.get(2), "b");
    List<List<Vote>> votes =
        List.of(List.of(vote(ids, order, Map.of())), List.of(vote(ids, order, Map.of())));

    assertThat(ModelRow.of(votes, models))
        .extracting(ModelRow::model, ModelRow::pairs, ModelRow::rate)
        .containsExactly(tuple("a", 4L, 0.75), tuple("b", 4L, 0.25));
    assertThat(ModelRow.of(votes, models).get(0).high()).isBetween(0.76, 1.0);
    assertThat(ModelRow.of(votes, Map.of(ids.get(0), "a", ids.get(3), "a"))).isEmpty();
  }

  @Test
  void comparesLengthsOnlyWhereTheyDiffer() {
    List<UUID> ids = completions(3);
    Map<UUID, Integer> lengths = Map.of(ids.get(0), 100, ids.get(1), 95, ids.get(2), 20);
    Audits.Bias bias = Audits.length(List.of(List.of(vote(ids, strict(ids), Map.of()))), lengths);
    assertThat(bias.pairs()).isEqualTo(2);
    assertThat(bias.rate()).isEqualTo(1.0);
  }

  @Test
  void holdsMarksAgainstOrders() {
    List<UUID> ids = completions(4);
    OrderedGroups<UUID> groups =
        new OrderedGroups<>(List.of(ids.subList(0, 1), ids.subList(1, 3), ids.subList(3, 4)));
    Map<UUID, Integer> marks = Map.of(ids.get(0), 5, ids.get(1), 5, ids.get(2), 5, ids.get(3), 6);
    Audits.Consistency consistency = Audits.consistency(List.of(List.of(vote(ids, groups, marks))));
    // 1-2 tied; 0 with 1 and 2 half tied; 3 above all of them by mark and below by order
    assertThat(consistency).isEqualTo(new Audits.Consistency(6, 1, 3, 2));
  }

  @Test
  void agreementCountsEachPairOfPeopleOnce() {
    List<UUID> ids = completions(3);
    List<UUID> reversed = List.of(ids.get(2), ids.get(1), ids.get(0));
    Vote one = vote(ids, strict(ids), Map.of());
    Vote same = vote(ids, strict(ids), Map.of());
    Vote opposite = vote(ids, strict(reversed), Map.of());
    Accord accord = Accord.of(List.of(List.of(one, same, opposite), List.of(one)));
    assertThat(accord.tasks()).isEqualTo(1);
    assertThat(accord.pairs()).isEqualTo(9);
    assertThat(accord.rate()).isCloseTo(1 / 3.0, within(1e-9));
    Map<UUID, Accord> rows = Accord.byAnnotator(List.of(List.of(one, same, opposite)));
    assertThat(rate(rows, one)).isCloseTo(0.5, within(1e-9));
    assertThat(rate(rows, opposite)).isZero();
  }

  private static @Nullable Double rate(Map<UUID, Accord> rows, Vote vote) {
    return Objects.requireNonNull(rows.get(vote.annotatorId())).rate();
  }

  private static List<UUID> completions(int n) {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      ids.add(UUID.randomUUID());
    }
    return ids;
  }

  private static OrderedGroups<UUID> strict(List<UUID> ids) {
    return new OrderedGroups<>(ids.stream().map(List::of).toList());
  }

  private static Vote vote(List<UUID> shown, OrderedGroups<UUID> groups, Map<UUID, Integer> marks) {
    return new Vote(
        UUID.randomUUID(), UUID.randomUUID(), groups, shown, marks, 20_000L, false, Instant.EPOCH);
  }
}

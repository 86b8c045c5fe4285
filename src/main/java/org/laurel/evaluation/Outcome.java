package org.laurel.evaluation;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.laurel.preference.ClusteredRate;
import org.laurel.preference.Interval;

/**
 * What people said of an evaluation's pairs so far, or a reviewer in their place. Each prompt
 * counts once, however many people judged it: they look at the same two answers.
 *
 * @param pairs prompts to which the two policies gave different answers
 * @param alike prompts to which both said the same, which nobody is asked about
 * @param judged pairs that somebody has judged
 * @param left judgments still wanted
 * @param wins votes for the policy
 * @param losses votes for the one it is held against
 * @param unrankable votes that the two cannot be compared
 * @param score the sum over judged pairs of the policy's share of the votes, a tie being half
 */
record Outcome(
    long pairs,
    long alike,
    long judged,
    long left,
    long wins,
    long ties,
    long losses,
    long unrankable,
    double score,
    ClusteredRate rate) {

  private static final String COUNTS =
      """
      select s.id,
             (select count(distinct c.prompt_id) from completion c where c.sampling_id = s.id) as answered,
             (select count(*) from task t
               where t.sampling_id = s.id and t.origin = 'evaluation') as pairs,
             (select count(*) from task t join task_seat x on x.task_id = t.id
               where t.sampling_id = s.id and t.origin = 'evaluation' and t.closed_at is null
                 and x.submitted_at is null and not x.checking)
               + (select count(*) from task t join ranking r on r.task_id = t.id
                   where t.sampling_id = s.id and t.origin = 'evaluation'
                     and r.withheld = 'returned') as seats_left,
             (select count(*) from task t join ranking r on r.task_id = t.id
               where t.sampling_id = s.id and t.origin = 'evaluation' and r.unrankable
                 and r.withheld is null
                 and not exists (select 1 from adjudication d
                                  where d.task_id = t.id and d.withdrawn_at is null))
               + (select count(*) from task t join adjudication d on d.task_id = t.id
                   where t.sampling_id = s.id and t.origin = 'evaluation' and d.unrankable
                     and d.withdrawn_at is null) as unrankable
        from sampling s where s.id in (:ids)
      """;

  private static final String VOTES =
      """
      with vote as (
        select s.id, t.id as task_id, mine.place, other.place as others
          from sampling s
          join task t on t.sampling_id = s.id and t.origin = 'evaluation'
          join ranking r on r.task_id = t.id and not r.unrankable and r.withheld is null
          join ranking_place mine on mine.ranking_id = r.id
          join completion c on c.id = mine.completion_id and c.policy_id = s.policy_id
          join ranking_place other
            on other.ranking_id = r.id and other.completion_id <> mine.completion_id
         where s.id in (:ids)
           and not exists (select 1 from adjudication d
                            where d.task_id = t.id and d.withdrawn_at is null)
        union all
        select s.id, t.id, mine.place, other.place
          from sampling s
          join task t on t.sampling_id = s.id and t.origin = 'evaluation'
          join adjudication d on d.task_id = t.id and d.withdrawn_at is null
          join adjudication_place mine on mine.adjudication_id = d.id
          join completion c on c.id = mine.completion_id and c.policy_id = s.policy_id
          join adjudication_place other
            on other.adjudication_id = d.id and other.completion_id <> mine.completion_id
         where s.id in (:ids))
      select id, count(*) filter (where place < others) as wins,
             count(*) filter (where place = others) as ties,
             count(*) filter (where place > others) as losses
        from vote group by id, task_id
      """;

  /** The votes on one pair. */
  private record Pair(long wins, long ties, long losses) {
    long votes() {
      return wins + ties + losses;
    }

    double score() {
      return (wins + 0.5 * ties) / votes();
    }
  }

  /** Share of the judged pairs that the policy wins; NaN without one. */
  double winRate() {
    return rate.rate();
  }

  /** 95% interval of the win rate, each pair one witness. */
  Interval interval() {
    return rate.interval();
  }

  /** Of each of these samplings that compare two policies; two queries however many they are. */
  static Map<UUID, Outcome> of(EntityManager database, Collection<UUID> samplings) {
    Map<UUID, Outcome> outcomes = new HashMap<>();
    if (samplings.isEmpty()) {
      return outcomes;
    }
    Map<UUID, List<Pair>> judged = new HashMap<>();
    for (Tuple row : rows(database, VOTES, samplings)) {
      judged
          .computeIfAbsent(row.get("id", UUID.class), id -> new ArrayList<>())
          .add(new Pair(number(row, "wins"), number(row, "ties"), number(row, "losses")));
    }
    for (Tuple row : rows(database, COUNTS, samplings)) {
      UUID id = row.get("id", UUID.class);
      outcomes.put(id, of(row, judged.getOrDefault(id, List.of())));
    }
    return outcomes;
  }

  private static Outcome of(Tuple counts, List<Pair> judged) {
    ClusteredRate rate = new ClusteredRate();
    judged.forEach(pair -> rate.add(pair.score(), 1));
    long pairs = number(counts, "pairs");
    return new Outcome(
        pairs,
        number(counts, "answered") - pairs,
        judged.size(),
        number(counts, "seats_left"),
        judged.stream().mapToLong(Pair::wins).sum(),
        judged.stream().mapToLong(Pair::ties).sum(),
        judged.stream().mapToLong(Pair::losses).sum(),
        number(counts, "unrankable"),
        judged.stream().mapToDouble(Pair::score).sum(),
        rate);
  }

  @SuppressWarnings("unchecked")
  private static List<Tuple> rows(EntityManager database, String sql, Collection<UUID> ids) {
    return database.createNativeQuery(sql, Tuple.class).setParameter("ids", ids).getResultList();
  }

  private static long number(Tuple row, String name) {
    return row.get(name, Long.class);
  }
}

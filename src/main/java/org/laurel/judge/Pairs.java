package org.laurel.judge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Chooses the pairs of a judging, the same ones each time it is asked. */
@ApplicationScoped
class Pairs {
  /**
   * Of each pair that people ranked, one person's choice; prompts in turn, so that none prevails.
   */
  private static final String RANKED =
      """
      with choice as (
        select distinct on (task_id, least(chosen_id, rejected_id), greatest(chosen_id, rejected_id))
               prompt_id, task_id, least(chosen_id, rejected_id) as first_id,
               greatest(chosen_id, rejected_id) as second_id, ranking_id, chosen_id
          from comparison where project_id = ? and not tie
         order by task_id, least(chosen_id, rejected_id), greatest(chosen_id, rejected_id),
                  md5(? || ranking_id)),
      turn as (
        select choice.*, row_number() over (partition by prompt_id
                 order by md5(? || task_id || first_id || second_id)) as nth
          from choice)
      select prompt_id, task_id, first_id, second_id, ranking_id, chosen_id from turn
       order by nth, md5(? || prompt_id) limit ?
      """;

  private static final String OPEN_TASKS =
      """
      select t.id, t.prompt_id from task t join prompt p on p.id = t.prompt_id
       where t.project_id = ? and t.closed_at is null and p.retired_at is null
      """;

  /** The newest task of each prompt on which this judge has not voted yet. */
  private static final String NEWEST_TASKS =
      """
      select id, prompt_id from (
        select distinct on (t.prompt_id) t.id, t.prompt_id
          from task t join prompt p on p.id = t.prompt_id
         where t.project_id = ? and p.retired_at is null
         order by t.prompt_id, t.created_at desc, t.id) newest
       where not exists (
         select 1 from judge_verdict v join judging o on o.id = v.judging_id, me
          where v.task_id = newest.id and v.ranking_id is null and %s)
       order by md5(? || prompt_id) limit ?
      """;

  /** Another judging by the same judge. */
  private static final String SAME_JUDGE =
      """
      o.id <> me.id and o.judge = me.judge and o.model = me.model
          and o.policy_id is not distinct from me.policy_id
          and o.endpoint is not distinct from me.endpoint
          and o.rubric_version = me.rubric_version
      """;

  private static final String UNJUDGED =
      """
      with me as (select * from judging where id = ?), chosen_task as (%s),
      pair as (
        select k.prompt_id, k.id as task_id, a.completion_id as first_id, b.completion_id as second_id,
               row_number() over (partition by k.id
                 order by md5(? || a.completion_id || b.completion_id)) as nth
          from chosen_task k join task_completion a on a.task_id = k.id
          join task_completion b on b.task_id = k.id and a.completion_id < b.completion_id)
      select prompt_id, task_id, first_id, second_id, null::uuid as ranking_id, null::uuid as chosen_id
        from pair, me
       where nth <= ?
         and not exists (
           select 1 from judge_verdict v where v.judging_id = me.id and v.task_id = pair.task_id
              and v.first_id = pair.first_id and v.second_id = pair.second_id)
         and not exists (
           select 1 from judge_verdict v join judging o on o.id = v.judging_id
            where v.task_id = pair.task_id and v.first_id = pair.first_id
              and v.second_id = pair.second_id and v.ranking_id is null
              and %s)
       order by task_id, first_id, second_id
      """;

  private final DataSource database;

  @Inject
  Pairs(DataSource database) {
    this.database = database;
  }

  /** Pairs that people have ranked, to be calibrated on. */
  List<Pair> ranked(Judging judging) {
    String seed = String.valueOf(judging.parameter("seed"));
    return query(
        RANKED, judging.projectId, seed, seed, seed, judging.parameter("calibrationPairs"));
  }

  /** Pairs to vote on that this judging has not dealt with yet. */
  List<Pair> unjudged(Judging judging) {
    String seed = String.valueOf(judging.parameter("seed"));
    int each = judging.parameter("pairsPerTask");
    if (!judging.parameters.containsKey("prompts")) {
      return query(
          UNJUDGED.formatted(OPEN_TASKS, SAME_JUDGE), judging.id, judging.projectId, seed, each);
    }
    return query(
        UNJUDGED.formatted(NEWEST_TASKS.formatted(SAME_JUDGE), SAME_JUDGE),
        judging.id,
        judging.projectId,
        seed,
        judging.parameter("prompts"),
        seed,
        each);
  }

  private List<Pair> query(String sql, Object... parameters) {
    List<Pair> pairs = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          pairs.add(
              new Pair(
                  row.getObject(1, UUID.class),
                  row.getObject(2, UUID.class),
                  row.getObject(3, UUID.class),
                  row.getObject(4, UUID.class),
                  row.getObject(5, UUID.class),
                  row.getObject(6, UUID.class)));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the pairs to judge cannot be read", e);
    }
    return pairs;
  }
}

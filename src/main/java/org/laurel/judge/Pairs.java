package org.laurel.judge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.laurel.database.Query;

/** Chooses the pairs of a judging, the same ones each time it is asked. */
@ApplicationScoped
class Pairs {
  /**
   * Of each pair that people ranked, one person's choice, or the reviewer's who settled it; prompts
   * in turn, so that none prevails.
   */
  private static final String RANKED =
      """
      with choice as (
        select distinct on (task_id, least(chosen_id, rejected_id), greatest(chosen_id, rejected_id))
               prompt_id, task_id, least(chosen_id, rejected_id) as first_id,
               greatest(chosen_id, rejected_id) as second_id, ranking_id, adjudication_id,
               chosen_id
          from comparison where project_id = ? and not tie
         order by task_id, least(chosen_id, rejected_id), greatest(chosen_id, rejected_id),
                  md5(? || coalesce(ranking_id, adjudication_id))),
      turn as (
        select choice.*, row_number() over (partition by prompt_id
                 order by md5(? || task_id || first_id || second_id)) as nth
          from choice)
      select prompt_id, task_id, first_id, second_id, ranking_id, adjudication_id, chosen_id from turn
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
          where v.task_id = newest.id and v.chosen_id is null and %s)
       order by md5(? || prompt_id) limit ?
      """;

  /** Another judging by the same judge. */
  private static final String SAME_JUDGE =
      """
      o.id is distinct from me.id and o.judge = me.judge and o.model = me.model
          and o.policy_id is not distinct from me.policy_id
          and o.endpoint is not distinct from me.endpoint
          and o.rubric_version = me.rubric_version
      """;

  private static final String UNJUDGED =
      """
      with me as (select ?::uuid as id, ?::text as judge, ?::text as model, ?::uuid as policy_id,
                         ?::text as endpoint, ?::int as rubric_version),
      chosen_task as (%s),
      pair as (
        select k.prompt_id, k.id as task_id, a.completion_id as first_id, b.completion_id as second_id,
               row_number() over (partition by k.id
                 order by md5(? || a.completion_id || b.completion_id)) as nth
          from chosen_task k join task_completion a on a.task_id = k.id
          join task_completion b on b.task_id = k.id and a.completion_id < b.completion_id)
      select prompt_id, task_id, first_id, second_id, null::uuid as ranking_id,
             null::uuid as adjudication_id, null::uuid as chosen_id
        from pair, me
       where nth <= ?
         and not exists (
           select 1 from judge_verdict v where v.judging_id = me.id and v.task_id = pair.task_id
              and v.first_id = pair.first_id and v.second_id = pair.second_id)
         and not exists (
           select 1 from judge_verdict v join judging o on o.id = v.judging_id
            where v.task_id = pair.task_id and v.first_id = pair.first_id
              and v.second_id = pair.second_id and v.chosen_id is null
              and %s)
       order by task_id, first_id, second_id
      """;

  private static final String PLAN =
      """
      with ranked as (%s), unjudged as (%s)
      select (select count(*) from ranked),
             (select count(*) from unjudged where (task_id, first_id, second_id)
                not in (select task_id, first_id, second_id from ranked))
      """;

  private final DataSource database;

  @Inject
  Pairs(DataSource database) {
    this.database = database;
  }

  /** Pairs that people have ranked, to be calibrated on. */
  List<Pair> ranked(Judging judging) {
    return pairs(rankedBy(judging));
  }

  /** Pairs to vote on that this judging has not dealt with yet. */
  List<Pair> unjudged(Judging judging) {
    return pairs(unjudgedBy(judging));
  }

  /**
   * How many there are of both, as things stand, for a judging that need not have begun; a pair of
   * both kinds is one to be calibrated on.
   */
  JudgingPlan plan(Judging judging) {
    Query ranked = rankedBy(judging);
    Query unjudged = unjudgedBy(judging);
    List<@Nullable Object> parameters = new ArrayList<>(ranked.parameters());
    parameters.addAll(unjudged.parameters());
    return new Query(PLAN.formatted(ranked.sql(), unjudged.sql()), parameters)
        .rows(database, row -> new JudgingPlan(row.getLong(1), row.getLong(2)))
        .get(0);
  }

  private static Query rankedBy(Judging judging) {
    String seed = String.valueOf(judging.parameter("seed"));
    return Query.of(
        RANKED, judging.projectId, seed, seed, seed, judging.parameter("calibrationPairs"));
  }

  private static Query unjudgedBy(Judging judging) {
    String seed = String.valueOf(judging.parameter("seed"));
    List<@Nullable Object> parameters = new ArrayList<>();
    Collections.addAll(
        parameters,
        judging.id,
        judging.judge,
        judging.model,
        judging.policyId,
        judging.endpoint,
        judging.rubricVersion,
        judging.projectId);
    String tasks = OPEN_TASKS;
    if (judging.parameters.containsKey("prompts")) {
      tasks = NEWEST_TASKS.formatted(SAME_JUDGE);
      Collections.addAll(parameters, seed, judging.parameter("prompts"));
    }
    Collections.addAll(parameters, seed, judging.parameter("pairsPerTask"));
    return new Query(UNJUDGED.formatted(tasks, SAME_JUDGE), parameters);
  }

  private List<Pair> pairs(Query query) {
    return query.rows(
        database,
        row ->
            new Pair(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getObject(4, UUID.class),
                row.getObject(5, UUID.class),
                row.getObject(6, UUID.class),
                row.getObject(7, UUID.class)));
  }
}

package org.laurel.overview;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.laurel.ranking.Statistics;
import org.laurel.web.Markdown;

/** Reads what a project's page tells besides the statistics of its rankings. */
@ApplicationScoped
class ProjectFacts {

  /** The project itself with the guidelines in force; version 0 is none yet. */
  record Head(
      UUID id,
      String name,
      int completionsPerPrompt,
      int overlap,
      boolean demo,
      int guidelinesVersion,
      String guidelines) {

    public String guidelinesHtml() {
      return Markdown.html(guidelines);
    }
  }

  /** A version of the guidelines. */
  record Guidelines(int version, String text, String author, String at) {}

  private static final String HEAD =
      """
      select p.id, p.name, p.completions_per_prompt, p.overlap, p.demo,
             coalesce(g.version, 0) as version, coalesce(g.text, '') as text
        from project p
        left join lateral (select version, text from guidelines_version
                            where project_id = p.id order by version desc limit 1) g on true
       where p.id = :project and p.archived_at is null
      """;

  private static final String FACTS =
      """
      with served as (
        select id, name from policy_version where id = coalesce(
          (select policy_id from promotion order by id desc limit 1),
          (select id from policy_version where kind = 'starter'
            order by created_at desc limit 1))),
      promoted as (
        select m.id, m.promoted_at from promotion m join policy_version v on v.id = m.policy_id
         where v.project_id = :project),
      -- what can be learned from now, beyond the rankings that count: of a settled task one order alone
      settled as (
        select (select count(*) from adjudication d where d.project_id = :project
                  and d.withdrawn_at is null and not d.unrankable)
               - (select count(*) from adjudication d join ranking r on r.task_id = d.task_id
                   where d.project_id = :project and d.withdrawn_at is null
                     and r.withheld is null and not r.unrankable) as rankings),
      learned as (
        -- a snapshot of people's rankings holds all that counted then; some of it may not count any more
        select coalesce(cast(s.selection ->> 'people' as bigint), s.row_count)
               - (select count(*) from ranking r join dataset_snapshot_ranking d on d.ranking_id = r.id
                   where r.project_id = :project and d.snapshot_id = s.id
                     and (r.withheld is not null
                          or exists (select 1 from adjudication o
                                      where o.task_id = r.task_id and o.withdrawn_at is null)))
               - (select count(*) from dataset_snapshot_adjudication d
                    join adjudication o on o.id = d.adjudication_id
                   where d.snapshot_id = s.id and o.withdrawn_at is not null) as rankings
          from dataset_snapshot s
         where s.project_id = :project and s.kind = 'preference'
           and coalesce(s.selection ->> 'votes', 'people') <> 'ai'
           and exists (select 1 from run where run.snapshot_id = s.id and run.status = 'finished')
         order by s.created_at desc limit 1),
      active as (
        select r.id, (select kind from run where round_id = r.id
                       order by (status = 'running') desc, (status = 'queued') desc, ordinal
                       limit 1) as kind
          from round r where r.project_id = :project and r.status in ('queued', 'running')
         order by r.number desc limit 1),
      unpromoted as (
        select id, name from policy_version v
         where project_id = :project and kind <> 'starter'
           and not exists (select 1 from promotion m where m.policy_id = v.id)
           and created_at > coalesce((select max(promoted_at) from promoted), '-infinity')
         order by created_at desc limit 1)
      select
        exists (select 1 from sampling where project_id = :project and baseline_id is null
                 and status in ('queued', 'running')) as sampling,
        exists (select 1 from task t left join sampling s on s.id = t.sampling_id
          where t.project_id = :project and t.origin <> 'evaluation'
            and (s.id is null or s.policy_id = (select id from served))) as served_has_tasks,
        exists (select 1 from sampling where project_id = :project and status = 'finished'
                 and baseline_id is null and policy_id = (select id from served) and passed_over > 0
                 and passed_over >= (select count(*) from prompt
                                      where project_id = :project and retired_at is null))
          as unanswerable,
        coalesce((select rankings from learned), 0) - (select rankings from settled) as learned,
        (select count(*) from reward_model_version where project_id = :project) as reward_models,
        (select count(*) from policy_version where project_id = :project) as policies,
        (select kind from active) as running_step,
        (select id from active) as round_id,
        (select count(*) from promoted) as promotions,
        (select id from unpromoted) as unpromoted_id,
        (select name from unpromoted) as unpromoted_name,
        coalesce((select name from served), '') as served_name
      """;

  private final EntityManager entityManager;

  ProjectFacts(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  @SuppressWarnings("unchecked")
  Optional<Head> head(UUID projectId) {
    List<Tuple> rows =
        entityManager
            .createNativeQuery(HEAD, Tuple.class)
            .setParameter("project", projectId)
            .getResultList();
    return rows.stream()
        .findFirst()
        .map(
            row ->
                new Head(
                    row.get("id", UUID.class),
                    row.get("name", String.class),
                    row.get("completions_per_prompt", Integer.class),
                    row.get("overlap", Integer.class),
                    row.get("demo", Boolean.class),
                    row.get("version", Integer.class),
                    row.get("text", String.class)));
  }

  /**
   * @param counts of the project
   */
  Loop.Facts loop(UUID projectId, Statistics.Counts counts) {
    Tuple row =
        (Tuple)
            entityManager
                .createNativeQuery(FACTS, Tuple.class)
                .setParameter("project", projectId)
                .getSingleResult();
    return new Loop.Facts(
        counts.prompts(),
        counts.completions(),
        row.get("sampling", Boolean.class),
        row.get("served_has_tasks", Boolean.class),
        row.get("unanswerable", Boolean.class),
        counts.seats() - counts.rankings(),
        counts.rankings(),
        counts.rankings() - counts.unrankable() - row.get("learned", Long.class),
        row.get("reward_models", Long.class),
        row.get("policies", Long.class),
        row.get("running_step", String.class),
        row.get("round_id", UUID.class),
        row.get("promotions", Long.class),
        row.get("unpromoted_id", UUID.class),
        row.get("unpromoted_name", String.class),
        row.get("served_name", String.class));
  }

  /** All versions, the one in force first. */
  @SuppressWarnings("unchecked")
  List<Guidelines> guidelines(UUID projectId) {
    List<Tuple> rows =
        entityManager
            .createNativeQuery(
                """
                select g.version, g.text, coalesce(a.name, a.email, '') as author,
                       to_char(g.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at
                  from guidelines_version g left join account a on a.id = g.created_by
                 where g.project_id = :project order by g.version desc
                """,
                Tuple.class)
            .setParameter("project", projectId)
            .getResultList();
    return rows.stream()
        .map(
            row ->
                new Guidelines(
                    row.get("version", Integer.class),
                    row.get("text", String.class),
                    row.get("author", String.class),
                    row.get("at", String.class)))
        .toList();
  }
}

package org.laurel.overview;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.List;
import java.util.UUID;

/** The projects that a person may see, each with how far it is. */
@ApplicationScoped
class ProjectCards {

  /**
   * One project.
   *
   * @param seats rankings wanted in all
   * @param ranked how many of them are given
   * @param mine rankings that the looking person gave
   * @param mineToday those since midnight UTC
   * @param waiting tasks that the person may still be given, or that were sent back to them; {@link
   *     #COUNT_LIMIT} for that or more
   * @param writing whether people write demonstrations there
   */
  record Card(
      UUID id,
      String name,
      boolean demo,
      long prompts,
      long seats,
      long ranked,
      long people,
      long mine,
      long mineToday,
      long waiting,
      boolean writing) {

    /** Whole percent, and 100 only when nothing is missing. */
    public int percent() {
      return Percent.of(ranked, seats);
    }

    public boolean workLeft() {
      return waiting > 0;
    }

    public String waitingShown() {
      return waiting >= COUNT_LIMIT ? COUNT_LIMIT + "+" : Long.toString(waiting);
    }
  }

  /** Counting further than this would cost more than it tells. */
  static final int COUNT_LIMIT = 1000;

  private static final String CARDS =
      """
      with me as (select id, role, all_projects from account where email = :email)
      select p.id, p.name, p.demo,
        (select count(*) from prompt q where q.project_id = p.id and q.retired_at is null) as prompts,
        (select count(*) from task_seat s join task t on t.id = s.task_id
          where t.project_id = p.id and t.closed_at is null and s.submitted_at is null
            and not s.checking) as free_seats,
        (select count(*) from ranking r where r.project_id = p.id and r.withheld is null) as ranked,
        (select count(*) from ranking r where r.project_id = p.id and r.withheld = 'returned'
          and r.annotator_id is not null) as returned,
        (select count(distinct r.annotator_id) from ranking r where r.project_id = p.id) as people,
        (select count(*) from ranking r where r.project_id = p.id and r.annotator_id = me.id
          and (r.withheld is null or r.withheld = 'set-aside'
               and not exists (select 1 from task_skip k
                                where k.task_id = r.task_id and k.annotator_id = me.id))) as mine,
        (select count(*) from ranking r where r.project_id = p.id and r.annotator_id = me.id
          and (r.withheld is null or r.withheld = 'set-aside'
               and not exists (select 1 from task_skip k
                                where k.task_id = r.task_id and k.annotator_id = me.id)) and r.submitted_at >= date_trunc('day', now(), 'UTC')) as mine_today,
        (select least(:limit, o.others + checks_ahead(p.id, me.id, o.others))
          from (select count(*) as others from (select 1 from task t
          where t.project_id = p.id and t.closed_at is null
            and not exists (select 1 from task_skip k
                             where k.task_id = t.id and k.annotator_id = me.id)
            and not exists (select 1 from task_seat o where o.task_id = t.id
                             and o.annotator_id = me.id and o.submitted_at is not null)
            and exists (select 1 from task_seat s where s.task_id = t.id and s.submitted_at is null
                         and (s.annotator_id = me.id or not s.checking
                              and (s.annotator_id is null or s.lease_expires_at <= now())))
          limit :limit) as counted) o)
          + (select count(*) from ranking r where r.project_id = p.id and r.annotator_id = me.id
              and r.withheld = 'returned') as waiting,
        coalesce(cast(p.settings ->> 'demonstrationsPerPrompt' as integer), 0) > 0 as writing
        from project p, me
       where p.archived_at is null
         and (me.all_projects or me.role = 'administrator'
              or exists (select 1 from project_member m
                          where m.project_id = p.id and m.account_id = me.id))
       order by p.created_at desc, p.id
      """;

  private final EntityManager entityManager;

  ProjectCards(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  /** Newest first. */
  @SuppressWarnings("unchecked")
  List<Card> of(String email) {
    List<Tuple> rows =
        entityManager
            .createNativeQuery(CARDS, Tuple.class)
            .setParameter("email", email)
            .setParameter("limit", COUNT_LIMIT)
            .getResultList();
    return rows.stream()
        .map(
            row ->
                new Card(
                    row.get("id", UUID.class),
                    row.get("name", String.class),
                    row.get("demo", Boolean.class),
                    row.get("prompts", Long.class),
                    row.get("ranked", Long.class)
                        + row.get("returned", Long.class)
                        + row.get("free_seats", Long.class),
                    row.get("ranked", Long.class),
                    row.get("people", Long.class),
                    row.get("mine", Long.class),
                    row.get("mine_today", Long.class),
                    row.get("waiting", Long.class),
                    row.get("writing", Boolean.class)))
        .toList();
  }
}

package org.laurel.sampling;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.Tuple;
import java.util.List;
import java.util.UUID;

/**
 * The prompts that a sampling is still to deal with. One for learning takes those that its policy
 * has not answered for learning before, in the order of their ids; one that compares two policies
 * takes any that it has not asked itself, in a random order of its own, so that those it ends with
 * stand for all.
 */
@ApplicationScoped
class LackingPrompts {
  private static final String FOR_LEARNING =
      """
      from prompt p
       where p.project_id = :project and p.retired_at is null
         and not exists (select 1 from completion c join sampling s on s.id = c.sampling_id
                          where c.prompt_id = p.id and c.policy_id = :of
                            and s.baseline_id is null)
      """;

  private static final String FOR_COMPARING =
      """
      from prompt p
       where p.project_id = :project and p.retired_at is null
         and not exists (select 1 from completion c
                          where c.prompt_id = p.id and c.sampling_id = :of)
      """;

  private static final String ID = "p.id";
  private static final String SHUFFLED = "md5(cast(p.id as text) || cast(:of as text))";

  private final EntityManager database;

  LackingPrompts(EntityManager database) {
    this.database = database;
  }

  /**
   * A prompt to be answered.
   *
   * @param place what to ask for those after it with
   */
  record Prompt(UUID id, String messages, String place) {}

  /** Before every place that there is. */
  static String start(Sampling sampling) {
    return compares(sampling) ? "" : new UUID(0, 0).toString();
  }

  long count(Sampling sampling) {
    return (Long)
        of(sampling, database.createNativeQuery("select count(*) " + from(sampling), Long.class))
            .getSingleResult();
  }

  /** The next ones after a place, at most {@code limit}; in a transaction of its own. */
  @SuppressWarnings("unchecked")
  List<Prompt> after(Sampling sampling, String place, int limit) {
    String order = compares(sampling) ? SHUFFLED : ID;
    String after = compares(sampling) ? ":place" : "cast(:place as uuid)";
    String sql =
        "select p.id, cast(p.messages as text) as messages, cast(%s as text) as place %s and %s > %s order by %s limit :limit"
            .formatted(order, from(sampling), order, after, order);
    List<Tuple> rows =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    of(sampling, database.createNativeQuery(sql, Tuple.class))
                        .setParameter("place", place)
                        .setParameter("limit", limit)
                        .getResultList());
    return rows.stream()
        .map(
            row ->
                new Prompt(
                    row.get("id", UUID.class),
                    row.get("messages", String.class),
                    row.get("place", String.class)))
        .toList();
  }

  private static Query of(Sampling sampling, Query query) {
    return query
        .setParameter("project", sampling.projectId)
        .setParameter("of", compares(sampling) ? sampling.id : sampling.policyId);
  }

  private static String from(Sampling sampling) {
    return compares(sampling) ? FOR_COMPARING : FOR_LEARNING;
  }

  private static boolean compares(Sampling sampling) {
    return sampling.baselineId != null;
  }
}

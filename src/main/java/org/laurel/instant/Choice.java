package org.laurel.instant;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One comparison without a tie. */
record Choice(UUID prompt, UUID chosen, UUID rejected) {
  /** More would take longer to fit than one waits, and hardly change the advice. */
  static final int MOST = 2000;

  /** The newest of a project, newest first. */
  static List<Choice> of(EntityManager database, UUID project) {
    List<?> rows =
        database
            .createNativeQuery(
                """
                select prompt_id, chosen_id, rejected_id from (
                  (select * from people_comparison where project_id = :p and not tie
                    order by submitted_at desc, ranking_id, chosen_id, rejected_id limit :n)
                  union all
                  (select * from adjudicated_comparison where project_id = :p and not tie
                    order by submitted_at desc, adjudication_id, chosen_id, rejected_id limit :n)) newest
                 order by submitted_at desc, ranking_id, adjudication_id, chosen_id, rejected_id limit :n
                """,
                Object[].class)
            .setParameter("p", project)
            .setParameter("n", MOST)
            .getResultList();
    List<Choice> choices = new ArrayList<>();
    for (Object row : rows) {
      Object[] c = (Object[]) row;
      choices.add(new Choice((UUID) c[0], (UUID) c[1], (UUID) c[2]));
    }
    return choices;
  }
}

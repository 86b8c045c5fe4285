package org.laurel.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.List;
import java.util.UUID;
import org.laurel.web.Problem;

/** Who may work in which project, and what its form asks for. */
@ApplicationScoped
public class Annotating {

  /** Of the account {@code a}: whether it works in the project {@code p}. */
  public static final String WORKS_THERE =
      """
      (a.disabled_at is null
        and (a.all_projects or a.role = 'administrator'
             or exists (select 1 from project_member m
                         where m.project_id = p.id and m.account_id = a.id)))
      """;

  private final EntityManager entityManager;
  private final ObjectMapper json;

  Annotating(EntityManager entityManager, ObjectMapper json) {
    this.entityManager = entityManager;
    this.json = json;
  }

  /**
   * The project's form, for somebody who works in that project. Who changes something has to ask
   * once what they change is locked, lest they be taken out of the project meanwhile.
   *
   * @throws Problem 404 if the project does not exist, is archived, or is not this annotator's, or
   *     no more: in the same words, so that nobody learns of projects that are not theirs
   */
  @SuppressWarnings("unchecked")
  public AnnotationForm requireMember(UUID projectId, UUID annotatorId) {
    List<Tuple> rows =
        entityManager
            .createNativeQuery(
                "select cast(p.settings as text) as settings from project p, account a"
                    + " where p.id = :project and p.archived_at is null and a.id = :annotator and "
                    + WORKS_THERE,
                Tuple.class)
            .setParameter("project", projectId)
            .setParameter("annotator", annotatorId)
            .getResultList();
    if (rows.isEmpty()) {
      throw new Problem(
          404,
          "Not found",
          "there is no project %s in which you work; it may be archived, or you were taken out of it"
              .formatted(projectId));
    }
    return form(rows.get(0).get("settings", String.class));
  }

  /** A project's form, whoever asks. */
  public AnnotationForm form(UUID projectId) {
    return form(
        (String)
            entityManager
                .createNativeQuery(
                    "select cast(settings as text) from project where id = :project", String.class)
                .setParameter("project", projectId)
                .getSingleResult());
  }

  private AnnotationForm form(String settings) {
    try {
      return json.readValue(settings, AnnotationForm.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("project settings are not readable: " + settings, e);
    }
  }
}

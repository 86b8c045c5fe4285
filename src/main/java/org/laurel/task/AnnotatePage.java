package org.laurel.task;

import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;

/** To the work, wherever it lies. */
@Path("/annotate")
@RolesAllowed(Role.ANNOTATOR)
public class AnnotatePage {

  private final EntityManager entityManager;
  private final CurrentAccount account;

  AnnotatePage(EntityManager entityManager, CurrentAccount account) {
    this.entityManager = entityManager;
    this.account = account;
  }

  /** The project with open tasks that came first, else the projects. */
  @GET
  @Transactional
  @SuppressWarnings("unchecked")
  public Response toTheWork() {
    List<UUID> projects =
        entityManager
            .createNativeQuery(
                """
                select p.id from project p, account a
                 where a.id = :me and p.archived_at is null
                   and exists (select 1 from task t where t.project_id = p.id
                                and t.closed_at is null)
                   and (a.all_projects or exists (select 1 from project_member m
                          where m.project_id = p.id and m.account_id = a.id))
                 order by p.created_at limit 1
                """,
                UUID.class)
            .setParameter("me", account.id())
            .getResultList();
    String path = projects.isEmpty() ? "/" : "/projects/" + projects.get(0) + "/tasks";
    return Response.seeOther(URI.create(path)).build();
  }
}

package org.laurel.prompt;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.web.Cursor;
import org.laurel.web.Page;

/** A project's prompts over the API. */
@Path("/api/projects/{id}/prompts")
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class ProjectPromptsResource {
  private final Access access;

  @Inject
  ProjectPromptsResource(Access access) {
    this.access = access;
  }

  @GET
  public Page<PromptResource.PromptView> list(
      @RestPath UUID id,
      @BeanParam @Valid Cursor cursor,
      @QueryParam("search") @Nullable String search) {
    access.read(id);
    UUID after = cursor.after(last -> Prompt.count("id = ?1 and projectId = ?2", last, id) > 0);
    List<Prompt> found = Prompt.after(id, after, cursor.limit + 1, search);
    return Page.of(found, cursor.limit, prompt -> prompt.id.toString())
        .map(PromptResource.PromptView::of);
  }
}

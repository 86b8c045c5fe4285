package org.laurel.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.tokenizer.Message;
import org.laurel.web.Audit;
import org.laurel.web.Cursor;
import org.laurel.web.Page;

/** A project's prompts over the API. */
@Path("/api")
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class PromptResource {
  private final Access access;
  private final Audit audit;

  @Inject
  PromptResource(Access access, Audit audit) {
    this.access = access;
    this.audit = audit;
  }

  /** A prompt as it stands. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record View(
      UUID id,
      UUID projectId,
      List<Message> prompt,
      String text,
      @Nullable String language,
      Map<String, Object> metadata,
      String origin,
      Instant createdAt) {
    static View of(Prompt prompt) {
      return new View(
          prompt.id,
          prompt.projectId,
          prompt.messages,
          prompt.text,
          prompt.language,
          prompt.metadata,
          prompt.origin,
          prompt.createdAt);
    }
  }

  @GET
  @Path("projects/{id}/prompts")
  public Page<View> list(
      @RestPath UUID id,
      @BeanParam @Valid Cursor cursor,
      @QueryParam("search") @Nullable String search) {
    access.read(id);
    List<Prompt> found = Prompt.after(id, cursor.after(), cursor.limit + 1, search);
    return Page.of(found, cursor.limit, prompt -> prompt.id.toString()).map(View::of);
  }

  @GET
  @Path("prompts/{id}")
  public View show(@RestPath UUID id) {
    return View.of(Prompt.get(id));
  }

  /** What was ranked stays; the prompt is sampled no more. */
  @DELETE
  @Path("prompts/{id}")
  public void retire(@RestPath UUID id) {
    Prompt prompt = Prompt.get(id);
    if (prompt.retiredAt == null) {
      prompt.retiredAt = Instant.now();
      audit.record("prompt.retired", "prompt", id, Map.of());
    }
  }
}

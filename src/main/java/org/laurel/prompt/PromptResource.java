package org.laurel.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.tokenizer.Message;
import org.laurel.web.Audit;

/** A prompt over the API. */
@Path("/api/prompts/{id}")
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class PromptResource {
  private final Audit audit;

  @Inject
  PromptResource(Audit audit) {
    this.audit = audit;
  }

  /** A prompt as it stands. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PromptView(
      UUID id,
      UUID projectId,
      List<Message> prompt,
      String text,
      @Nullable String language,
      Map<String, Object> metadata,
      String origin,
      Instant createdAt,
      @Nullable Instant retiredAt) {
    static PromptView of(Prompt prompt) {
      return new PromptView(
          prompt.id,
          prompt.projectId,
          prompt.messages,
          prompt.text,
          prompt.language,
          prompt.metadata,
          prompt.origin,
          prompt.createdAt,
          prompt.retiredAt);
    }
  }

  @GET
  public PromptView show(@RestPath UUID id) {
    return PromptView.of(Prompt.get(id));
  }

  /** What was ranked stays; the prompt is sampled no more. */
  @DELETE
  public void retire(@RestPath UUID id) {
    Prompt prompt = Prompt.get(id);
    if (prompt.retiredAt == null) {
      prompt.retiredAt = Instant.now();
      audit.record("prompt.retired", "prompt", id, Map.of());
    }
  }
}

package org.laurel.thumb;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.prompt.Conversation;
import org.laurel.tokenizer.Message;
import org.laurel.web.Problem;

/** One person's thumb on one completion; many at once come by {@code POST .../thumbs}. */
@Path("/api/projects/{project}/thumb")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
@Transactional
public class ThumbResource {
  private final Access access;
  private final CurrentAccount account;
  private final Thumbs thumbs;

  @Inject
  ThumbResource(Access access, CurrentAccount account, Thumbs thumbs) {
    this.access = access;
    this.account = account;
    this.thumbs = thumbs;
  }

  /**
   * What somebody thinks.
   *
   * @param prompt the conversation that the completion answers; it ends with a user's turn
   * @param up true for good, false for bad, null to take the thumb back
   * @param policy name or id of the version that wrote the completion
   */
  public record Opinion(
      @NotEmpty List<@NotNull Message> prompt,
      @NotBlank @Size(max = 100_000) String completion,
      @Nullable Boolean up,
      @Nullable String policy) {}

  /** What stands now. */
  public record ThumbView(@Nullable Boolean up) {}

  @PUT
  @Operation(
      summary = "Gives a thumb up or down, turns it round, or takes it back with null",
      description = "What KTO learns from. A person has one thumb on a completion.")
  public ThumbView put(@RestPath UUID project, @NotNull @Valid Opinion opinion) {
    access.write(project);
    Conversation.fault(opinion.prompt())
        .ifPresent(
            fault -> {
              throw Problem.invalid("The prompt " + fault + ".").error("prompt", fault);
            });
    Conversation.textFault(opinion.completion())
        .ifPresent(
            fault -> {
              throw Problem.invalid("The completion " + fault + ".").error("completion", fault);
            });
    String named = opinion.policy();
    Optional<UUID> policy =
        named == null ? Optional.empty() : PolicyVersion.named(named).map(version -> version.id);
    thumbs.put(project, account.id(), opinion.prompt(), opinion.completion(), opinion.up(), policy);
    return new ThumbView(opinion.up());
  }
}

package org.laurel.project;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.Invitations;
import org.laurel.account.Role;
import org.laurel.web.AnswersSecret;
import org.laurel.web.Problem;

/** Inviting people to rank, in one project or in all. */
@Path("/api/annotators")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class AnnotatorResource {
  private final Invitations invitations;

  @Inject
  AnnotatorResource(Invitations invitations) {
    this.invitations = invitations;
  }

  /**
   * @param project the only project to work in; all if absent
   * @param language of pages, {@code en} or {@code fr}
   * @param simulated a program that ranks as a person would
   */
  public record Invitee(
      @NotBlank @Size(max = 254) String email,
      @Nullable UUID project,
      @Nullable @Size(max = 10) String language,
      @Nullable @Size(max = 100) String name,
      @Nullable Boolean simulated) {}

  /**
   * @param token an API token, told this once
   * @param invitation the address where the annotator chooses a password
   */
  public record Invited(UUID id, String email, String token, String invitation) {}

  @POST
  @AnswersSecret
  @APIResponseSchema(value = Invited.class, responseCode = "201")
  public RestResponse<Invited> invite(@NotNull @Valid Invitee invitee, UriInfo here) {
    if (Account.withEmail(invitee.email()).isPresent()) {
      throw Problem.conflict("there is an account of " + invitee.email());
    }
    Account account = invitations.create(invitee.email(), Role.ANNOTATOR, invitee.language());
    account.name = invitee.name();
    account.simulated = Boolean.TRUE.equals(invitee.simulated());
    if (invitee.project() != null) {
      account.allProjects = false;
      Membership.add(Project.get(invitee.project()).id, account.id);
    }
    URI link = here.getBaseUri().resolve(invitations.link(account));
    return ResponseBuilder.<Invited>create(RestResponse.Status.CREATED)
        .entity(
            new Invited(
                account.id,
                account.email,
                invitations.token(account, "invitation"),
                link.toString()))
        .build();
  }
}

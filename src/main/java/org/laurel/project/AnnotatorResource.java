package org.laurel.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.Invitations;
import org.laurel.account.Permissions;
import org.laurel.account.Role;
import org.laurel.web.AnswersSecret;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Everybody who has an account, and inviting people to rank, in one project or in all. */
@Path("/api/annotators")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class AnnotatorResource {
  private final Invitations invitations;
  private final Permissions permissions;
  private final Whereabouts whereabouts;

  @Inject
  AnnotatorResource(Invitations invitations, Permissions permissions, Whereabouts whereabouts) {
    this.invitations = invitations;
    this.permissions = permissions;
    this.whereabouts = whereabouts;
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

  /**
   * An account of any role.
   *
   * @param everywhere whether it works in every project
   * @param projects those that it was let into; where it works in every one, those it keeps when
   *     that ends
   * @param lastSeenAt when it last signed in, came by or sent something, to the hour; null for
   *     never
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AnnotatorView(
      UUID id,
      String email,
      @Nullable String name,
      String role,
      String language,
      boolean simulated,
      boolean disabled,
      boolean everywhere,
      List<Whereabouts.Place> projects,
      Instant createdAt,
      @Nullable Instant lastSeenAt) {}

  /**
   * What is absent stays as it is.
   *
   * @param role annotator, reviewer or administrator
   * @param name an empty one is none
   * @param disabled whether it may sign in no more; its rankings stay
   * @param allProjects whether it works in every project, or only in those that it was let into
   */
  public record AnnotatorChange(
      @Nullable String role,
      @Nullable @Size(max = 10) String language,
      @Nullable @Size(max = 100) String name,
      @Nullable Boolean disabled,
      @Nullable Boolean allProjects) {}

  /** In the order in which they were made. */
  @GET
  public Page<AnnotatorView> list(@BeanParam @Valid Cursor cursor) {
    List<Account> found = Account.after(cursor.after(Account::exists), cursor.limit + 1);
    Page<Account> page = Page.of(found, cursor.limit, account -> account.id.toString());
    return new Page<>(views(page.items()), page.next());
  }

  @PATCH
  @Path("{id}")
  @Operation(
      summary = "Changes an account",
      description = "409 if it is the last administrator, who can be neither lowered nor disabled.")
  public AnnotatorView change(@RestPath UUID id, @NotNull @Valid AnnotatorChange change) {
    Account account = permissions.locked(id);
    if (change.role() != null) {
      permissions.setRole(id, change.role());
    }
    if (change.allProjects() != null) {
      permissions.setAllProjects(id, change.allProjects());
    }
    if (change.disabled() != null) {
      permissions.setDisabled(id, change.disabled());
    }
    if (change.language() != null) {
      account.language = Invitations.spoken(change.language());
    }
    if (change.name() != null) {
      account.rename(change.name());
    }
    account.flush();
    return views(List.of(account)).get(0);
  }

  private List<AnnotatorView> views(List<Account> accounts) {
    List<UUID> ids = accounts.stream().map(account -> account.id).toList();
    Map<UUID, List<Whereabouts.Place>> projects = whereabouts.projects(ids);
    Map<UUID, Instant> seen = whereabouts.lastSeen(ids);
    return accounts.stream()
        .map(
            account ->
                new AnnotatorView(
                    account.id,
                    account.email,
                    account.name,
                    account.role,
                    account.language,
                    account.simulated,
                    account.isDisabled(),
                    account.isEverywhere(),
                    projects.getOrDefault(account.id, List.of()),
                    account.createdAt,
                    seen.get(account.id)))
        .toList();
  }

  @POST
  @AnswersSecret
  @APIResponseSchema(value = Invited.class, responseCode = "201")
  public RestResponse<Invited> invite(@NotNull @Valid Invitee invitee, UriInfo here) {
    if (Account.withEmail(invitee.email()).isPresent()) {
      throw Problem.conflict("there is an account of " + invitee.email());
    }
    Account account = invitations.create(invitee.email(), Role.ANNOTATOR, invitee.language());
    account.rename(invitee.name());
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

package org.laurel.project;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Who works in a project, over the API. */
@Path("/api/projects/{id}/members")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class MemberResource {
  private final Access access;
  private final Members members;

  @Inject
  MemberResource(Access access, Members members) {
    this.access = access;
    this.members = members;
  }

  /** Whose account it is that is to work here. */
  public record Known(@NotBlank @Size(max = 254) String email) {}

  /**
   * @param everywhere whether the account works in every project, this one included, anyway
   */
  public record Admitted(UUID id, String email, boolean everywhere) {}

  @GET
  @Operation(
      summary = "Who works in the project",
      description =
          "With everywhere=true only those who work in every project, with false only those who"
              + " were let into this one.")
  public Page<Member> list(
      @RestPath UUID id,
      @BeanParam @Valid Cursor cursor,
      @QueryParam("everywhere") @Nullable Boolean everywhere) {
    access.read(id);
    // who was taken out since the page before still says where the list goes on
    UUID after = cursor.after(Account::exists);
    List<Member> found = members.after(id, after, cursor.limit + 1, everywhere);
    return Page.of(found, cursor.limit, member -> member.id().toString());
  }

  /** Lets somebody in who has an account, by the address. */
  @POST
  public Admitted admitKnown(@RestPath UUID id, @NotNull @Valid Known known) {
    access.read(id);
    Account account =
        Account.withEmail(known.email())
            .orElseThrow(() -> Problem.notFound("account", known.email()));
    members.admit(id, account.id);
    return new Admitted(account.id, account.email, account.isEverywhere());
  }

  @PUT
  @Path("{account}")
  public void admit(@RestPath UUID id, @RestPath UUID account) {
    access.read(id);
    members.admit(id, account);
  }

  @DELETE
  @Path("{account}")
  @Operation(
      summary = "Takes somebody out of the project: the leases there end at once, rankings stay",
      description = "409 for an account that works in every project: limit it first.")
  public void dismiss(@RestPath UUID id, @RestPath UUID account) {
    access.read(id);
    members.dismiss(id, account);
  }
}

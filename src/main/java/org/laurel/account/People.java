package org.laurel.account;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.web.Audit;
import org.laurel.web.Flash;
import org.laurel.web.Problem;

/** The page on which an administrator lets people in and out. */
@Path("/people")
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class People {
  private final Invitations invitations;
  private final CurrentAccount current;
  private final Audit audit;

  @Inject
  People(Invitations invitations, CurrentAccount current, Audit audit) {
    this.invitations = invitations;
    this.current = current;
    this.audit = audit;
  }

  /**
   * Something that is shown this once, to be passed on.
   *
   * @param kind {@code link} or {@code token}; empty if there is nothing
   */
  public record Issued(String kind, String email, String text) {
    static final Issued NOTHING = new Issued("", "", "");
  }

  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance page(
        List<Account> people, UUID self, List<String> roles, Issued issued, String failure);
  }

  @GET
  public TemplateInstance page() {
    return page(Issued.NOTHING, "");
  }

  @POST
  public Response invite(
      @RestForm @DefaultValue("") String email,
      @RestForm @DefaultValue("") String name,
      @RestForm @DefaultValue(Role.ANNOTATOR) String role,
      @RestForm @DefaultValue("en") String language,
      UriInfo here) {
    try {
      if (Account.withEmail(email).isPresent()) {
        throw Problem.conflict("there is an account of " + email);
      }
      Account account = invitations.create(email, role, language);
      account.name = name.isBlank() ? null : name.strip();
      return Response.ok(page(link(account, here), "")).build();
    } catch (Problem wrong) {
      return Response.status(wrong.status())
          .entity(page(Issued.NOTHING, String.valueOf(wrong.getMessage())))
          .build();
    }
  }

  @POST
  @Path("{id}/invitation")
  public TemplateInstance inviteAgain(@RestPath UUID id, UriInfo here) {
    return page(link(get(id), here), "");
  }

  @POST
  @Path("{id}/tokens")
  public TemplateInstance issueToken(@RestPath UUID id) {
    Account account = get(id);
    return page(
        new Issued("token", account.email, invitations.token(account, "from the people page")), "");
  }

  @POST
  @Path("{id}/role")
  public Response setRole(@RestPath UUID id, @RestForm @DefaultValue("") String role) {
    Account account = locked(id);
    if (!Role.ALL.contains(role)) {
      throw Problem.invalid("there is no such role").error("role", "must be one of " + Role.ALL);
    }
    if (!role.equals(account.role)) {
      refuseForLastAdministrator(account);
      audit.record("account.role-changed", "account", id, Map.of("from", account.role, "to", role));
      account.role = role;
    }
    return Flash.redirect("/people", account.email + " is now " + role);
  }

  @POST
  @Path("{id}/disabling")
  public Response disable(@RestPath UUID id) {
    Account account = locked(id);
    refuseForLastAdministrator(account);
    account.disable();
    audit.record("account.disabled", "account", id, Map.of());
    return Flash.redirect("/people", account.email + " can no longer sign in");
  }

  @POST
  @Path("{id}/enabling")
  public Response enable(@RestPath UUID id) {
    Account account = get(id);
    account.enable();
    audit.record("account.enabled", "account", id, Map.of());
    return Flash.redirect("/people", account.email + " can sign in again");
  }

  private TemplateInstance page(Issued issued, String failure) {
    return Templates.page(Account.people(), current.id(), Role.ALL, issued, failure);
  }

  private Issued link(Account account, UriInfo here) {
    String link = here.getBaseUri().resolve(invitations.link(account)).toString();
    return new Issued("link", account.email, link);
  }

  private static void refuseForLastAdministrator(Account account) {
    if (account.isLastAdministrator()) {
      throw Problem.conflict("this is the last administrator; make another one first");
    }
  }

  private static Account get(UUID id) {
    return Account.<Account>findByIdOptional(id).orElseThrow(() -> Problem.notFound("account", id));
  }

  private static Account locked(UUID id) {
    return Account.lockedWithAdministrators(id).orElseThrow(() -> Problem.notFound("account", id));
  }
}

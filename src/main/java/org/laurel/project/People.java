package org.laurel.project;

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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Invitations;
import org.laurel.account.Permissions;
import org.laurel.account.ProviderIdentity;
import org.laurel.account.Role;
import org.laurel.web.Cursor;
import org.laurel.web.Flash;
import org.laurel.web.Problem;

/** The pages on which an administrator lets people in and out, and says where each works. */
@Path("/people")
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class People {
  /** More than a form can show. */
  private static final int MOST_PROJECTS = 1000;

  private final Invitations invitations;
  private final Permissions permissions;
  private final Members members;
  private final Whereabouts whereabouts;
  private final CurrentAccount current;

  @Inject
  People(
      Invitations invitations,
      Permissions permissions,
      Members members,
      Whereabouts whereabouts,
      CurrentAccount current) {
    this.invitations = invitations;
    this.permissions = permissions;
    this.members = members;
    this.whereabouts = whereabouts;
    this.current = current;
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
        List<Row> people, UUID self, List<String> roles, Issued issued, String failure);

    static native TemplateInstance projects(Account person, List<Choice> projects);
  }

  /**
   * An account on the page.
   *
   * @param projects those that it was let into
   * @param linked whether somebody has it by single sign-on
   * @param seenAt when it was last there; null for never
   */
  public record Row(
      Account account,
      List<Whereabouts.Place> projects,
      boolean linked,
      @Nullable Instant seenAt) {}

  /** A project, and whether somebody was let into it. */
  public record Choice(Project project, boolean member) {}

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
      account.rename(name);
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
    return page(link(Account.get(id), here), "");
  }

  @POST
  @Path("{id}/tokens")
  public TemplateInstance issueToken(@RestPath UUID id) {
    Account account = Account.get(id);
    return page(
        new Issued("token", account.email, invitations.token(account, "from the people page")), "");
  }

  @POST
  @Path("{id}/role")
  public Response setRole(@RestPath UUID id, @RestForm @DefaultValue("") String role) {
    Account account = permissions.setRole(id, role);
    return Flash.redirect("/people", account.email + " is now " + role);
  }

  @POST
  @Path("{id}/disabling")
  public Response disable(@RestPath UUID id) {
    Account account = permissions.setDisabled(id, true);
    return Flash.redirect("/people", account.email + " can no longer sign in");
  }

  @POST
  @Path("{id}/enabling")
  public Response enable(@RestPath UUID id) {
    Account account = permissions.setDisabled(id, false);
    return Flash.redirect("/people", account.email + " can sign in again");
  }

  @GET
  @Path("{id}/projects")
  public TemplateInstance projects(@RestPath UUID id) {
    return Templates.projects(Account.get(id), choices(id));
  }

  /**
   * @param chosen the projects to work in, where it is not all of them
   */
  @POST
  @Path("{id}/projects")
  public Response chooseProjects(
      @RestPath UUID id,
      @RestForm @DefaultValue("false") boolean all,
      @RestForm("project") List<UUID> chosen) {
    permissions.locked(id);
    List<Choice> choices = choices(id);
    if (!all) {
      // first of all, so that what is open in these projects stays so
      choices.stream()
          .filter(choice -> chosen.contains(choice.project().id) && !choice.member())
          .forEach(choice -> members.admit(choice.project().id, id));
    }
    Account account = permissions.setAllProjects(id, all);
    if (account.isEverywhere()) {
      return Flash.redirect("/people", account.email + " works in every project");
    }
    choices.stream()
        .filter(choice -> !chosen.contains(choice.project().id) && choice.member())
        .forEach(choice -> members.dismiss(choice.project().id, id));
    String count = chosen.size() == 1 ? "1 project" : chosen.size() + " projects";
    return Flash.redirect("/people", account.email + " works in " + count);
  }

  private List<Choice> choices(UUID account) {
    Set<UUID> in =
        whereabouts.projects(List.of(account)).getOrDefault(account, List.of()).stream()
            .map(Whereabouts.Place::id)
            .collect(Collectors.toSet());
    return Project.after(Cursor.START, MOST_PROJECTS, null).stream()
        .map(project -> new Choice(project, in.contains(project.id)))
        .toList();
  }

  private TemplateInstance page(Issued issued, String failure) {
    List<Account> people = Account.people();
    List<UUID> ids = people.stream().map(account -> account.id).toList();
    Map<UUID, List<Whereabouts.Place>> projects = whereabouts.projects(ids);
    Set<UUID> linked = ProviderIdentity.accounts();
    Map<UUID, Instant> seen = whereabouts.lastSeen(ids);
    List<Row> rows =
        people.stream()
            .map(
                account ->
                    new Row(
                        account,
                        projects.getOrDefault(account.id, List.of()),
                        linked.contains(account.id),
                        seen.get(account.id)))
            .toList();
    return Templates.page(rows, current.id(), Role.ALL, issued, failure);
  }

  private Issued link(Account account, UriInfo here) {
    String link = here.getBaseUri().resolve(invitations.link(account)).toString();
    return new Issued("link", account.email, link);
  }
}

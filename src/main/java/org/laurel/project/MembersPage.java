package org.laurel.project;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.web.Cursor;
import org.laurel.web.Flash;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Who works in a project, for people: the way in for those with an account, and the way out. */
@Path("/projects/{id}/people")
@RolesAllowed(Role.ADMINISTRATOR)
@Produces(MediaType.TEXT_HTML)
@Blocking
@Transactional
public class MembersPage {
  private static final int SHOWN = 50;

  /** The templates of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance show(
        Project project,
        Page<Member> members,
        Page<Member> everywhere,
        List<Account> others,
        String email,
        String failure);

    static native TemplateInstance list(Project project, Page<Member> members, boolean everywhere);
  }

  private final Access access;
  private final Members members;

  @Inject
  MembersPage(Access access, Members members) {
    this.access = access;
    this.members = members;
  }

  @GET
  public TemplateInstance show(@RestPath UUID id) {
    return show(access.read(id), "", "");
  }

  /** A further piece of one of the two lists. */
  @GET
  @Path("/list")
  public TemplateInstance list(
      @RestPath UUID id,
      @RestQuery @DefaultValue("false") boolean everywhere,
      @RestQuery UUID after) {
    return Templates.list(access.read(id), page(id, after, everywhere), everywhere);
  }

  @POST
  public Response admit(@RestPath UUID id, @RestForm @DefaultValue("") String email) {
    Project project = access.read(id);
    Optional<Account> known = Account.withEmail(email);
    if (known.isEmpty()) {
      return Response.status(404)
          .entity(show(project, email, "Nobody has an account of " + email + "."))
          .build();
    }
    try {
      Account account = members.admit(id, known.get().id);
      return back(id, account.email + " works in this project");
    } catch (Problem disabled) {
      return Response.status(disabled.status())
          .entity(show(project, email, String.valueOf(disabled.getMessage())))
          .build();
    }
  }

  @POST
  @Path("/{account}/dismissal")
  public Response dismiss(@RestPath UUID id, @RestPath UUID account) {
    access.read(id);
    Account dismissed = members.dismiss(id, account);
    return back(id, dismissed.email + " no longer works in this project");
  }

  private TemplateInstance show(Project project, String email, String failure) {
    return Templates.show(
        project,
        page(project.id, Cursor.START, false),
        page(project.id, Cursor.START, true),
        Membership.others(project.id, SHOWN),
        email,
        failure);
  }

  private Page<Member> page(UUID project, UUID after, boolean everywhere) {
    List<Member> found = members.after(project, after, SHOWN + 1, everywhere);
    return Page.of(found, SHOWN, member -> member.id().toString());
  }

  private static Response back(UUID project, String notice) {
    return Flash.redirect("/projects/" + project + "/people", notice);
  }
}

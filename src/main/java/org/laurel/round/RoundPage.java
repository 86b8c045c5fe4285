package org.laurel.round;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.project.Project;

/** One round for people: its figures and the policy's words as they change, fed by the API. */
@Path("/rounds/{id}")
@RolesAllowed(Role.ADMINISTRATOR)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class RoundPage {

  /** The template of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance show(
        Project project, RoundView round, @Nullable PolicyVersion start);
  }

  private final Access access;

  RoundPage(Access access) {
    this.access = access;
  }

  @GET
  @Transactional
  public TemplateInstance show(@PathParam("id") UUID id) {
    Round round = Round.get(id);
    return Templates.show(
        access.read(round.projectId),
        RoundView.of(round),
        PolicyVersion.findById(round.configuration.policy()));
  }
}

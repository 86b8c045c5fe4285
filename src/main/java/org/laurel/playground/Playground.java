package org.laurel.playground;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.project.Project;

/** The page itself; its script talks to {@code /v1/chat/completions} as any other client does. */
@Path("/playground")
@RolesAllowed(Role.REVIEWER)
public class Playground {
  private static final int MOST = 100;

  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance page(
        List<Choice> policies, String left, String right, List<Project> projects);
  }

  /** A policy version to talk to. */
  public record Choice(String name, String kind, boolean served) {}

  private final Access access;

  @Inject
  Playground(Access access) {
    this.access = access;
  }

  /**
   * @param left name of the version on the left; the served one if absent
   * @param right name of the version on the right; the page opens side by side if present
   */
  @GET
  @Produces(MediaType.TEXT_HTML)
  @Transactional
  public TemplateInstance page(
      @QueryParam("left") @Nullable String left, @QueryParam("right") @Nullable String right) {
    String served = PolicyVersion.serving().map(version -> version.name).orElse("");
    List<Choice> policies =
        PolicyVersion.page(null, MOST).stream()
            .map(version -> new Choice(version.name, version.kind, version.name.equals(served)))
            .toList();
    return Templates.page(
        policies, left == null ? served : left, right == null ? "" : right, access.all(MOST));
  }
}

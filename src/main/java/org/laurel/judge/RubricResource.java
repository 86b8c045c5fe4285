package org.laurel.judge;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** What a project's judges go by. */
@Path("/api/projects/{project}/rubric")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class RubricResource {
  private final Access access;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  RubricResource(Access access, CurrentAccount account, Audit audit) {
    this.access = access;
    this.account = account;
    this.audit = audit;
  }

  /**
   * @param version 0 while nobody has written one
   */
  public record RubricView(int version, String text) {
    static RubricView of(UUID project) {
      return RubricVersion.inForce(project)
          .map(rubric -> new RubricView(rubric.version, rubric.text))
          .orElseGet(() -> new RubricView(0, Rubric.STANDARD.text()));
    }
  }

  /** A rubric to be put in force; without a text, the one that comes with Laurel. */
  public record RubricChange(@Nullable String text) {}

  @GET
  public RubricView get(@RestPath UUID project) {
    access.read(project);
    return RubricView.of(project);
  }

  @PUT
  public RubricView put(@RestPath UUID project, @NotNull RubricChange change) {
    access.write(project);
    String given = change.text();
    // browsers send text fields with CR LF
    String text =
        given == null || given.isBlank()
            ? Rubric.STANDARD.text()
            : given.replace("\r\n", "\n").strip();
    new Rubric(text)
        .fault()
        .ifPresent(
            fault -> {
              throw Problem.invalid("The rubric " + fault + ".").error("text", fault);
            });
    RubricVersion version = RubricVersion.put(project, text, account.id());
    audit.record("rubric.changed", "project", project, Map.of("version", version.version));
    return RubricView.of(project);
  }
}

package org.laurel.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.web.Audit;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Projects over the API. */
@Path("/api/projects")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class ProjectResource {
  private final Access access;
  private final CurrentAccount current;
  private final Audit audit;
  private final Event<ProjectArchived> archived;

  @Inject
  ProjectResource(
      Access access, CurrentAccount current, Audit audit, Event<ProjectArchived> archived) {
    this.access = access;
    this.current = current;
    this.audit = audit;
    this.archived = archived;
  }

  /** A project to be made. */
  public record Creation(
      @NotBlank @Size(max = 200) String name,
      @Nullable @Size(max = 100_000) String guidelines,
      @Nullable @Min(2) @Max(9) Integer completionsPerPrompt,
      @Nullable @Min(1) @Max(20) Integer overlap,
      @Nullable @Valid Settings settings) {}

  /** What is absent stays as it is. */
  public record ProjectChange(
      @Nullable @Size(min = 1, max = 200) String name,
      @Nullable @Size(max = 100_000) String guidelines,
      @Nullable @Min(2) @Max(9) Integer completionsPerPrompt,
      @Nullable @Min(1) @Max(20) Integer overlap,
      @Nullable @Valid Settings settings,
      @Nullable Boolean archived) {}

  /** A project as it stands. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ProjectView(
      UUID id,
      String name,
      String guidelines,
      int guidelinesVersion,
      int completionsPerPrompt,
      int overlap,
      Settings settings,
      boolean demo,
      Instant createdAt,
      @Nullable Instant archivedAt) {
    static ProjectView of(Project project) {
      GuidelinesVersion guidelines = project.guidelines().orElse(null);
      return new ProjectView(
          project.id,
          project.name,
          guidelines == null ? "" : guidelines.text,
          guidelines == null ? 0 : guidelines.version,
          project.completionsPerPrompt,
          project.overlap,
          project.settings,
          project.demo,
          project.createdAt,
          project.archivedAt);
    }
  }

  /** A text that annotators worked under. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Guidelines(int version, String text, @Nullable UUID createdBy, Instant createdAt) {}

  @POST
  @APIResponseSchema(value = ProjectView.class, responseCode = "201")
  public RestResponse<ProjectView> create(@NotNull @Valid Creation request) {
    if (Project.named(request.name().strip()).isPresent()) {
      throw Problem.conflict("there is a project named " + request.name().strip());
    }
    Project project = new Project();
    project.name = request.name().strip();
    project.completionsPerPrompt =
        request.completionsPerPrompt() == null ? 4 : request.completionsPerPrompt();
    project.overlap = request.overlap() == null ? 1 : request.overlap();
    project.settings = request.settings() == null ? Settings.NONE : request.settings();
    project.createdBy = current.id();
    project.persistAndFlush();
    if (request.guidelines() != null && !request.guidelines().isBlank()) {
      project.setGuidelines(request.guidelines(), current.id());
    }
    audit.record("project.created", "project", project.id, Map.of("name", project.name));
    return ResponseBuilder.<ProjectView>created(URI.create("/api/projects/" + project.id))
        .entity(ProjectView.of(project))
        .build();
  }

  @GET
  @RolesAllowed(Role.ANNOTATOR)
  public Page<ProjectView> list(@BeanParam @Valid Cursor cursor) {
    UUID after = cursor.after(access::isReadable);
    List<Project> found = Project.after(after, cursor.limit + 1, access.member());
    return Page.of(found, cursor.limit, project -> project.id.toString()).map(ProjectView::of);
  }

  @GET
  @Path("{id}")
  @RolesAllowed(Role.ANNOTATOR)
  public ProjectView show(@RestPath UUID id) {
    return ProjectView.of(access.read(id));
  }

  @PATCH
  @Path("{id}")
  public ProjectView change(@RestPath UUID id, @NotNull @Valid ProjectChange change) {
    Project.lock(id);
    Project project = access.read(id);
    if (change.name() != null) {
      String name = change.name().strip();
      if (name.isEmpty()) {
        throw Problem.invalid("a project needs a name").error("name", "must not be blank");
      }
      Project.named(name)
          .filter(other -> !other.id.equals(id))
          .ifPresent(
              other -> {
                throw Problem.conflict("there is a project named " + name);
              });
      project.name = name;
    }
    if (change.completionsPerPrompt() != null) {
      project.completionsPerPrompt = change.completionsPerPrompt();
    }
    if (change.overlap() != null) {
      project.overlap = change.overlap();
    }
    if (change.settings() != null) {
      project.settings = project.settings.with(change.settings());
    }
    if (change.guidelines() != null) {
      project.setGuidelines(change.guidelines(), current.id());
    }
    if (change.archived() != null) {
      project.archivedAt = change.archived() ? Instant.now() : null;
      if (change.archived()) {
        archived.fire(new ProjectArchived(id));
      }
    }
    audit.record("project.changed", "project", id, Map.of("change", change));
    return ProjectView.of(project);
  }

  @GET
  @Path("{id}/guidelines")
  @RolesAllowed(Role.ANNOTATOR)
  public Page<Guidelines> guidelines(@RestPath UUID id) {
    access.read(id);
    return new Page<>(
        GuidelinesVersion.of(id).stream()
            .map(g -> new Guidelines(g.version, g.text, g.createdBy, g.createdAt))
            .toList(),
        null);
  }
}

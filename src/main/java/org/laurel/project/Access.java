package org.laurel.project;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.web.Cursor;
import org.laurel.web.Problem;

/** Which projects the signed-in account may see. What it may do there, its role says. */
@ApplicationScoped
public class Access {
  private final CurrentAccount current;

  @Inject
  Access(CurrentAccount current) {
    this.current = current;
  }

  /**
   * The project, if the account works there.
   *
   * @throws Problem 404; also where the account is no member, which need not know that the project
   *     exists
   */
  public Project read(UUID id) {
    Project project = Project.get(id);
    UUID member = member();
    if (member != null && !Membership.exists(id, member)) {
      throw Problem.notFound("project", id);
    }
    return project;
  }

  /** Whether {@link #read} would find it. */
  boolean isReadable(UUID id) {
    UUID member = member();
    return Project.count("id", id) > 0 && (member == null || Membership.exists(id, member));
  }

  /**
   * As {@link #read}, for changes.
   *
   * @throws Problem 409 if the project is archived
   */
  public Project write(UUID id) {
    Project project = read(id);
    if (project.archivedAt != null) {
      throw Problem.conflict("the project is archived");
    }
    return project;
  }

  /** The projects that the account may see, those of long ago first; archived ones left out. */
  public List<Project> all(int most) {
    return Project.after(Cursor.START, most, member());
  }

  /** Null if the account may see all projects. */
  @Nullable UUID member() {
    if (current.is(Role.ADMINISTRATOR)) {
      return null;
    }
    Account account = current.get();
    return account.allProjects ? null : account.id;
  }
}

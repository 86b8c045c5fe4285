package org.laurel.project;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.laurel.account.AccessNarrowed;
import org.laurel.account.Account;
import org.laurel.database.Query;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Who works in a project: the list, the way in and the way out, both noted in the audit. */
@ApplicationScoped
public class Members {
  private static final String PAGE =
      """
      with a as materialized (
        select a.*, m.admitted_at, (a.all_projects or a.role = 'administrator') as everywhere
          from account a
          left join project_member m on m.account_id = a.id and m.project_id = ?
         where a.id > ?
           and (m.account_id is not null
                or ((a.all_projects or a.role = 'administrator') and a.disabled_at is null))
           and (?::boolean is null or (a.all_projects or a.role = 'administrator') = ?::boolean)
         order by a.id limit ?)
      select a.id, a.email, a.name, a.role, a.simulated, a.disabled_at, a.admitted_at, a.everywhere,
             (select count(*) from ranking r where r.project_id = ? and r.annotator_id = a.id)
               as rankings,
      """
          + Whereabouts.LAST_SEEN
          + " as last_seen_at from a order by a.id";

  private final DataSource database;
  private final Audit audit;
  private final Event<AccessNarrowed> narrowed;

  @Inject
  Members(DataSource database, Audit audit, Event<AccessNarrowed> narrowed) {
    this.database = database;
    this.audit = audit;
    this.narrowed = narrowed;
  }

  /**
   * In the order in which their accounts were made.
   *
   * @param everywhere those who work in every project, or those who do not; null for both
   */
  List<Member> after(UUID project, UUID after, int limit, @Nullable Boolean everywhere) {
    return Query.of(PAGE, project, after, everywhere, everywhere, limit, project)
        .rows(database, Members::member);
  }

  private static Member member(ResultSet row) throws SQLException {
    boolean everywhere = row.getBoolean("everywhere");
    OffsetDateTime since = row.getObject("admitted_at", OffsetDateTime.class);
    OffsetDateTime seen = row.getObject("last_seen_at", OffsetDateTime.class);
    return new Member(
        row.getObject("id", UUID.class),
        row.getString("email"),
        row.getString("name"),
        row.getString("role"),
        row.getBoolean("simulated"),
        row.getObject("disabled_at") != null,
        everywhere,
        everywhere || since == null ? null : since.toInstant(),
        row.getLong("rankings"),
        seen == null ? null : seen.toInstant());
  }

  /**
   * Lets somebody in. Whoever works everywhere is kept in mind as a member of this project, too,
   * for the day on which that ends.
   *
   * @throws Problem 404 without such an account, 409 if it is disabled
   */
  Account admit(UUID project, UUID id) {
    Account.lock(id);
    Account account = Account.get(id);
    if (account.isDisabled()) {
      throw Problem.conflict(
          account.email + " is disabled: enable the account first, under People");
    }
    if (Membership.add(project, id)) {
      audit.record("project.member-admitted", "project", project, Map.of("account", id));
    }
    return account;
  }

  /**
   * Takes somebody out: the leases there end at once, rankings stay. Who was not in stays out.
   *
   * @throws Problem 404 without such an account, 409 if it works in every project
   */
  Account dismiss(UUID project, UUID id) {
    Account.lock(id);
    Account account = Account.get(id);
    if (account.isEverywhere()) {
      throw Problem.conflict(
          account.email
              + " works in every project: choose the projects under People, and it leaves this one");
    }
    if (Membership.remove(project, id)) {
      audit.record("project.member-dismissed", "project", project, Map.of("account", id));
      narrowed.fire(new AccessNarrowed(id));
    }
    return account;
  }
}

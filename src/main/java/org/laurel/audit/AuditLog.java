package org.laurel.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.laurel.database.Query;

/** The audit, newest first, with the names of those that it is about. */
@ApplicationScoped
class AuditLog {
  private static final int ROWS_AT_ONCE = 500;

  /** Names are looked up for the lines that are wanted alone, hence around them. */
  private static final String NAMED =
      """
      select e.id, e.at, e.account_id, e.action, e.subject_kind, e.subject_id, e.project_id,
             e.detail::text as detail, coalesce(nullif(a.name, ''), a.email) as by,
             case when e.subject_kind = 'account' or e.action like 'project.member-%%'
                  then coalesce(nullif(s.name, ''), s.email)
                  when e.subject_kind = 'round' then r.number::text
                  when e.subject_kind = 'policy' then v.name
                  when e.subject_kind = 'project' then p.name end as subject,
             p.name as project_name
        from (select * from audit_event where %s order by at desc, id desc %s) e
        left join account a on a.id = e.account_id
        left join account s on s.id = case
             when e.subject_kind = 'account' then e.subject_id::uuid
             when e.action like 'project.member-%%' then (e.detail ->> 'account')::uuid end
        left join round r on r.id = case when e.subject_kind = 'round' then e.subject_id::uuid end
        left join policy_version v
          on v.id = case when e.subject_kind = 'policy' then e.subject_id::uuid end
        left join project p on p.id = e.project_id
       order by e.at desc, e.id desc
      """;

  /** The kinds of deeds by skips through the index, however many deeds there are. */
  private static final String ACTIONS =
      """
      with recursive kinds as (
        (select action from audit_event order by action limit 1)
        union all
        select (select e.action from audit_event e where e.action > k.action
                 order by e.action limit 1)
          from kinds k where k.action is not null)
      select action from kinds where action is not null
      """;

  private final DataSource database;
  private final ObjectMapper json;

  @Inject
  AuditLog(DataSource database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /**
   * @param after the last entry of the page before; null for the first page
   */
  List<AuditEntry> find(Sought sought, @Nullable Long after, int limit) {
    Sought.Condition condition = sought.condition();
    List<@Nullable Object> parameters = new ArrayList<>(condition.parameters());
    String where = condition.sql();
    if (after != null) {
      where += " and (at, id) < (select at, id from audit_event where id = ?)";
      parameters.add(after);
    }
    parameters.add(limit);
    return new Query(NAMED.formatted(where, "limit ?"), parameters).rows(database, this::entry);
  }

  /** The kinds of deeds that there are, in alphabetical order. */
  List<String> actions() {
    return Query.of(ACTIONS).rows(database, row -> row.getString(1));
  }

  /** Writes all of them as JSON lines; memory stays the same whatever their number. */
  void write(Sought sought, OutputStream out) throws IOException {
    Sought.Condition condition = sought.condition();
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false); // or the driver would fetch every row at once
      try (PreparedStatement select =
          connection.prepareStatement(NAMED.formatted(condition.sql(), ""))) {
        select.setFetchSize(ROWS_AT_ONCE);
        for (int i = 0; i < condition.parameters().size(); i++) {
          select.setObject(i + 1, condition.parameters().get(i));
        }
        BufferedOutputStream lines = new BufferedOutputStream(out);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            lines.write(json.writeValueAsBytes(entry(row)));
            lines.write('\n');
          }
        }
        lines.flush();
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw new IOException("cannot read the audit", e);
    }
  }

  private AuditEntry entry(ResultSet row) throws SQLException {
    String by = row.getString("by");
    String action = row.getString("action");
    String kind = row.getString("subject_kind");
    String subject = row.getString("subject");
    String project = row.getString("project_name");
    JsonNode detail = detail(row.getString("detail"));
    return new AuditEntry(
        row.getLong("id"),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getObject("account_id", UUID.class),
        by,
        action,
        kind,
        row.getString("subject_id"),
        subject,
        row.getObject("project_id", UUID.class),
        project,
        Deeds.told(by, action, kind, subject, project, detail),
        detail);
  }

  private JsonNode detail(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }
}

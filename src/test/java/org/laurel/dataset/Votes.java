package org.laurel.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Projects, prompts and rankings for tests, written as the database keeps them. */
@ApplicationScoped
public class Votes {
  private final DataSource database;

  @Inject
  Votes(DataSource database) {
    this.database = database;
  }

  /** A project of its own, without anything in it. */
  public UUID project() {
    UUID id = UUID.randomUUID();
    execute("insert into project (id, name) values (?, ?)", id, "project " + id);
    return id;
  }

  /** A prompt of one user message. */
  public UUID prompt(UUID project, String text) {
    UUID id = UUID.randomUUID();
    execute(
        "insert into prompt (id, project_id, messages, text, content_hash) values (?, ?,"
            + " jsonb_build_array(jsonb_build_object('role', 'user', 'content', ?::text)), ?,"
            + " sha256(convert_to(?, 'UTF8')))",
        id,
        project,
        text,
        text,
        text);
    return id;
  }

  /** An imported ranking of these completions of a prompt, best first, no ties; its id. */
  public UUID ranking(UUID project, UUID prompt, List<String> bestFirst) {
    UUID task = UUID.randomUUID();
    UUID ranking = UUID.randomUUID();
    execute(
        "insert into task (id, project_id, prompt_id, origin) values (?, ?, ?, 'import')",
        task,
        project,
        prompt);
    execute("insert into task_seat (task_id, seat, submitted_at) values (?, 1, now())", task);
    StringBuilder groups = new StringBuilder("[");
    for (String text : bestFirst) {
      UUID completion = UUID.randomUUID();
      execute(
          "insert into completion (id, prompt_id, text, origin) values (?, ?, ?, 'import')",
          completion,
          prompt,
          text);
      execute(
          "insert into task_completion (task_id, completion_id) values (?, ?)", task, completion);
      groups.append(groups.length() > 1 ? "," : "").append("[\"").append(completion).append("\"]");
    }
    execute(
        "insert into ranking (id, task_id, seat, project_id, prompt_id) values (?, ?, 1, ?, ?)",
        ranking,
        task,
        project,
        prompt);
    version(ranking, 1, groups.append("]").toString(), false);
    return ranking;
  }

  /** The ranking turned round by its annotator: another version in force. */
  public void reverse(UUID ranking) {
    execute(
        "insert into ranking_version (ranking_id, version, groups, display_order) select ranking_id,"
            + " 2, (select jsonb_agg(g order by n desc) from jsonb_array_elements(groups) with"
            + " ordinality as e(g, n)), display_order from ranking_version where ranking_id = ?",
        ranking);
    execute("update ranking set version = 2 where id = ?", ranking);
    places(ranking, 2);
  }

  /**
   * Says of an imported ranking how strong its preference is, and who gave it elsewhere; its id.
   */
  public UUID strong(UUID ranking, int strength) {
    UUID annotator = UUID.randomUUID();
    execute(
        "insert into ranking_version (ranking_id, version, groups, display_order, strength)"
            + " select ranking_id, 2, groups, display_order, ?::smallint from ranking_version"
            + " where ranking_id = ? and version = 1",
        strength,
        ranking);
    execute(
        "update ranking set version = 2, source_annotator_id = ? where id = ?", annotator, ranking);
    places(ranking, 2);
    return annotator;
  }

  /** A ranking that says that nothing could be ranked. */
  public void unrankable(UUID ranking) {
    version(ranking, 2, "[]", true);
    execute("update ranking set version = 2, unrankable = true where id = ?", ranking);
  }

  /** An answer that somebody wrote. */
  public void demonstration(UUID prompt, String text) {
    execute(
        "insert into demonstration (prompt_id, text, content_hash)"
            + " values (?, ?, sha256(convert_to(?, 'UTF8')))",
        prompt,
        text,
        text);
  }

  /** What somebody thinks of an answer. */
  public void thumb(UUID prompt, String text, boolean up) {
    execute(
        "insert into thumb (prompt_id, text, content_hash, up)"
            + " values (?, ?, sha256(convert_to(?, 'UTF8')), ?)",
        prompt,
        text,
        text,
        up);
  }

  private void version(UUID ranking, int version, String groups, boolean unrankable) {
    execute(
        "insert into ranking_version (ranking_id, version, groups, display_order, unrankable)"
            + " values (?, ?, ?::jsonb, '{}', ?)",
        ranking,
        version,
        groups,
        unrankable);
    places(ranking, version);
  }

  /** The places of the version in force, a row per completion. */
  private void places(UUID ranking, int version) {
    execute("delete from ranking_place where ranking_id = ?", ranking);
    execute(
        "insert into ranking_place (ranking_id, task_id, completion_id, place)"
            + " select r.id, r.task_id, c::uuid, g.place from ranking r"
            + " join ranking_version v on v.ranking_id = r.id and v.version = ?"
            + " cross join jsonb_array_elements(v.groups) with ordinality as g(ids, place)"
            + " cross join jsonb_array_elements_text(g.ids) c where r.id = ?",
        version,
        ranking);
  }

  /** Runs one statement. */
  public void execute(String sql, Object... parameters) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}

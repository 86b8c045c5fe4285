package org.laurel.imports;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Imports into a project, each in the caller's transaction and noted in the audit. */
@ApplicationScoped
public class Imports {
  /** How long the transaction of a large file may take. */
  static final int SECONDS = 3600;

  private final DataSource database;
  private final Audit audit;

  @Inject
  Imports(DataSource database, Audit audit) {
    this.database = database;
    this.audit = audit;
  }

  /** Prompts that come with Laurel, taken whole. */
  public ImportReport prompts(UUID project, InputStream file, String origin) throws IOException {
    return prompts(project, null, origin, file, false);
  }

  /**
   * @param author null if the server itself imports
   * @param partial take the good lines and report the others
   * @throws Problem 422 with the first hundred faults, if the file is to be taken whole and cannot
   */
  ImportReport prompts(
      UUID project, @Nullable UUID author, String origin, InputStream file, boolean partial)
      throws IOException {
    return importing(
        "prompts.imported",
        project,
        connection -> {
          PromptRows rows = new PromptRows(connection, project, author, origin);
          return Importing.run(file, NewPrompt::read, rows::insert, partial);
        });
  }

  ImportReport demonstrations(UUID project, UUID author, InputStream file, boolean partial)
      throws IOException {
    return importing(
        "demonstrations.imported",
        project,
        connection -> {
          PromptRows prompts = new PromptRows(connection, project, author, "import");
          DemonstrationRows rows = new DemonstrationRows(connection, prompts, author);
          return Importing.run(file, NewDemonstration::read, rows::insert, partial);
        });
  }

  ImportReport completions(
      UUID project, UUID author, NewTaskRows.Queueing queueing, InputStream file, boolean partial)
      throws IOException {
    return importing(
        "completions.imported",
        project,
        connection -> {
          PromptRows prompts = new PromptRows(connection, project, author, "import");
          NewTaskRows rows = new NewTaskRows(connection, project, prompts, queueing);
          return Importing.run(file, NewTask::read, rows::insert, partial);
        });
  }

  ImportReport thumbs(UUID project, UUID author, InputStream file, boolean partial)
      throws IOException {
    return importing(
        "thumbs.imported",
        project,
        connection -> {
          PromptRows prompts = new PromptRows(connection, project, author, "import");
          ThumbRows rows = new ThumbRows(connection, prompts, author);
          return Importing.run(file, NewThumb::read, rows::insert, partial);
        });
  }

  /**
   * @param format null to tell it from the fields of each line
   */
  ImportReport comparisons(
      UUID project,
      UUID author,
      @Nullable PreferenceFormat format,
      InputStream file,
      boolean partial)
      throws IOException {
    return importing(
        "comparisons.imported",
        project,
        connection -> {
          PromptRows prompts = new PromptRows(connection, project, author, "import");
          JudgmentRows rows = new JudgmentRows(connection, project, prompts);
          return Importing.run(
              file,
              line -> (format == null ? PreferenceFormat.guess(line) : format).read(line),
              rows::insert,
              partial);
        });
  }

  private interface Work {
    ImportReport run(Connection connection) throws IOException, SQLException;
  }

  /** Two files with the same lines in another order would wait for each other. */
  private static void oneAtATime(Connection connection, UUID project) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      lock.setString(1, "imports into " + project);
      lock.execute();
    }
  }

  /** The pool gives the transaction's own connection. */
  private ImportReport importing(String action, UUID project, Work work) throws IOException {
    try (Connection connection = database.getConnection()) {
      oneAtATime(connection, project);
      ImportReport report = work.run(connection);
      audit.record(
          action,
          "project",
          project,
          Map.of(
              "imported", report.imported(),
              "duplicates", report.duplicates(),
              "rejected", report.rejected()));
      return report;
    } catch (SQLException e) {
      throw new IllegalStateException("the import cannot be stored", e);
    }
  }
}

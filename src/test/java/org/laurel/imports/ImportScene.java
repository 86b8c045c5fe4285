package org.laurel.imports;

import io.agroal.api.AgroalDataSource;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.project.TestProjects;

/** A project and its administrator, who imports into it. */
abstract class ImportScene {
  @Inject AgroalDataSource database;

  final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
  final UUID project = TestProjects.create().id;

  ValidatableResponse send(String what, String file) {
    return TestAccounts.as(administrator)
        .contentType("application/x-ndjson")
        .body(file.getBytes(StandardCharsets.UTF_8))
        .post("/api/projects/" + project + "/" + what)
        .then();
  }

  String export(String format) {
    return TestAccounts.as(administrator)
        .get("/api/projects/" + project + "/export?format=" + format)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }

  static String lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("{\"prompt\": \"").append(UUID.randomUUID()).append("\"}\n");
    }
    return lines.toString();
  }

  int count(String table) {
    return Integer.parseInt(query("select count(*) from " + table + " where project_id = ?"));
  }

  String query(String sql) {
    try (var connection = database.getConnection();
        var select = connection.prepareStatement(sql)) {
      select.setObject(1, project);
      try (var row = select.executeQuery()) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}

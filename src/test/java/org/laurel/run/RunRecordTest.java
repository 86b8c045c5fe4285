package org.laurel.run;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.dataset.Votes;

@QuarkusTest
class RunRecordTest {
  @TempDir Path path;
  @Inject Votes votes;
  @Inject DataSource database;

  @Test
  void whyTrainingEndedEarlyReachesTheApi() throws IOException, SQLException {
    UUID project = votes.project();
    Run run = new Run();
    run.projectId = project;
    run.kind = "ppo";
    run.status = RunStatus.FINISHED;
    QuarkusTransaction.requiringNew().run(() -> run.persist());
    copy(
        run, "{\"status\": \"finished\", \"step\": 7, \"totalSteps\": 50, \"stopReason\": \"KL\"}");
    api(run)
        .body("stopReason", equalTo("KL"))
        .body("step", equalTo(7))
        .body("totalSteps", equalTo(50));
    copy(run, "{\"status\": \"running\", \"step\": 8, \"totalSteps\": 50}");
    api(run).body("stopReason", nullValue()).body("step", equalTo(8));
  }

  private void copy(Run run, String status) throws IOException, SQLException {
    Files.writeString(path.resolve("status.json"), status);
    try (Connection connection = database.getConnection()) {
      new RunRecord(run.id, new RunFolder(path)).copy(connection);
    }
  }

  private static ValidatableResponse api(Run run) {
    String token = TestAccounts.token(TestAccounts.create(Role.ADMINISTRATOR));
    return RestAssured.given()
        .auth()
        .oauth2(token)
        .get("/api/runs/" + run.id)
        .then()
        .statusCode(200);
  }
}

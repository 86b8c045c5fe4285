package org.laurel.database;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SchemaTest {
  @Inject AgroalDataSource database;

  @Test
  void migrationsRunAtStart() throws SQLException {
    try (var connection = database.getConnection();
        var row =
            connection.createStatement().executeQuery("select count(*) from account where false")) {
      row.next();
      assertThat(row.getInt(1)).isZero();
    }
  }

  @Test
  void readyOnceTheDatabaseAnswers() {
    given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
  }

  @Test
  void figuresOfTheServerAreNotForEverybody() {
    given().get("/q/metrics").then().statusCode(404);
  }
}

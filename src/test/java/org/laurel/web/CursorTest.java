package org.laurel.web;

import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.project.TestProjects;

/** All lists go on in the same way. */
@QuarkusTest
class CursorTest {
  private static final Account ADMINISTRATOR = TestAccounts.create(Role.ADMINISTRATOR);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/projects",
        "/api/projects/{}/prompts",
        "/api/projects/{}/samplings",
        "/api/projects/{}/rankings",
        "/api/projects/{}/evaluations",
        "/api/projects/{}/rounds",
        "/api/projects/{}/judgings",
        "/api/policies",
        "/api/policies/imports",
        "/api/reward-models"
      })
  void aListGoesOnAfterWhatIsInItAloneAndByAThousandAtMost(String list) {
    String path = list.replace("{}", TestProjects.create().id.toString());
    TestAccounts.as(ADMINISTRATOR)
        .get(path + "?after=" + UUID.randomUUID())
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors[0].field", equalTo("after"))
        .body("errors[0].message", equalTo("is not in this list"));
    TestAccounts.as(ADMINISTRATOR).get(path + "?limit=1000").then().statusCode(200);
    TestAccounts.as(ADMINISTRATOR)
        .get(path + "?limit=1001")
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("limit"));
  }
}

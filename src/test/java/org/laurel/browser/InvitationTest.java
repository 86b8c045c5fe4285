package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

@QuarkusTest
class InvitationTest {
  @Inject Workplace workplace;

  @Test
  void anAnnotatorOfOneProjectIsLetIntoAnother() {
    UUID first = workplace.project("{}");
    UUID second = workplace.project("{}");
    Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
    String cy = "cy-" + UUID.randomUUID() + "@example.org";
    String token =
        TestAccounts.as(administrator)
            .contentType("application/json")
            .body(Map.of("email", cy, "project", first))
            .post("/api/annotators")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    assertThat(mayWork(token, first)).isTrue();
    assertThat(mayWork(token, second)).isFalse();
    Account everywhere = TestAccounts.create(Role.ANNOTATOR);

    try (Chromium chromium = new Chromium();
        Visit visit = Visit.onAPhone(chromium, administrator)) {
      Page page = visit.page();
      page.navigate("/projects/" + second);
      page.locator("[data-open=invite]").first().click();
      page.fill("#invite-email", "dora-" + UUID.randomUUID() + "@example.org");
      page.click("#invite-form [type=submit]");
      assertThat(page.locator("#invite-link")).isVisible();

      page.fill("#invite-email", cy);
      page.click("#invite-form [type=submit]");
      assertThat(page.locator("#invite-known")).containsText("works in this project from now on");
      assertThat(page.locator("#invite-link")).isHidden(); // it was another person's
      assertThat(page.locator("#invite-form [role=alert]")).isHidden();
      assertThat(mayWork(token, second)).isTrue();

      page.fill("#invite-email", everywhere.email);
      page.click("#invite-form [type=submit]");
      assertThat(page.locator("#invite-known")).containsText("works in every project already");
    }
  }

  private static boolean mayWork(String token, UUID project) {
    return RestAssured.given()
            .header("Authorization", "Bearer " + token)
            .get("/api/projects/" + project)
            .statusCode()
        == 200;
  }
}

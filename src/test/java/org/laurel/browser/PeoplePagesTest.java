package org.laurel.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.task.Workplace;

/** Who works where, and who did what, on a small phone. */
@QuarkusTest
class PeoplePagesTest {
  private static final int WIDTH = 360;

  @Inject Workplace workplace;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
  private Chromium chromium;
  private Visit visit;
  private Page page;

  @BeforeEach
  void open() {
    chromium = new Chromium();
    visit = Visit.onAPhone(chromium, administrator);
    page = visit.page();
    page.setViewportSize(WIDTH, 780);
    page.onDialog(Dialog::accept);
  }

  @AfterEach
  void close() {
    visit.close();
    chromium.close();
    assertThat(visit.scriptErrors()).isEmpty();
  }

  @Test
  void anAccountTellsWhenItsTokenWasUsedLast() {
    TestAccounts.as(administrator).get("/api/session").then().statusCode(200);
    page.navigate("/account");
    Locator used = page.locator("form[action^='/account/tokens/'] time");
    assertThat(used).hasText(Pattern.compile("now|ago$"));
    assertFits();
    Accessibility.check(page);
  }

  @Test
  void letsInTakesOutAndTurnsTheLeaf() {
    UUID project = workplace.project("{}");
    Account letters = member("an.address.as.long.as.some.have@department.of.letters.example.org");
    workplace.run(
        "with many as (insert into account (id, email, role, all_projects)"
            + " select overlay(gen_random_uuid()::text placing 'ffff' from 1 for 4)::uuid,"
            + " gen_random_uuid() || '@example.org', 'annotator', false"
            + " from generate_series(1, 52) returning id)"
            + " insert into project_member (project_id, account_id)"
            + " select cast(?1 as uuid), id from many",
        project);
    page.navigate("/projects/" + project + "/people");
    page.fill("#admit-email", letters.email);
    page.keyboard().press("Enter");
    Locator rows = page.locator("#members tbody tr");
    assertThat(rows).hasCount(50);
    assertThat(rows.first()).containsText(letters.email);
    assertThat(rows.first().locator("time").first()).containsText("now");
    assertFits();
    Accessibility.check(page);

    page.locator("#members .pager button").click();
    assertThat(rows).hasCount(3);
    assertThat(rows.first().locator("time").first()).not().containsText("Z");

    page.reload();
    rows.first().locator("button").click();
    assertThat(page.locator(".toast")).containsText("no longer works in this project");
    assertThat(rows.first()).not().containsText(letters.email);
  }

  @Test
  void choosesProjectsByKeyboard() {
    UUID project = workplace.project("{}");
    Account dora = member("dora-" + UUID.randomUUID() + "@example.org");
    page.navigate("/people");
    assertFits();
    Locator row = page.locator("tr", new Page.LocatorOptions().setHasText(dora.email));
    assertThat(row).containsText("none");
    row.locator("a[href$=projects]").click();
    Accessibility.check(page);
    assertFits();
    page.focus("input[value='" + project + "']");
    page.keyboard().press("Space");
    page.keyboard().press("Enter");
    assertThat(page.locator(".toast")).containsText(dora.email + " works in 1 project");
    assertThat(row.locator("a[href$='" + project + "/people']")).isVisible();
  }

  @Test
  void searchesTheLog() {
    page.navigate("/audit");
    page.selectOption("#by", administrator.id.toString());
    page.selectOption("#action", "account.signed-in");
    page.click("form[role=search] button");
    Locator line = page.locator(".deeds > li");
    assertThat(line).hasCount(1);
    assertThat(line).containsText(administrator.email + " signed in");
    assertThat(line.locator("summary time")).containsText("ago");
    line.locator("summary").focus();
    page.keyboard().press("Enter");
    assertThat(line.locator("dl")).containsText("account.signed-in");
    Accessibility.check(page);
    assertFits();
    page.fill("#until", "2001-01-31");
    page.keyboard().press("Enter");
    assertThat(page.locator(".empty")).containsText("Nothing of that kind was done");
    assertThat(page.locator("#by")).hasValue(administrator.id.toString());
  }

  private Account member(String email) {
    Account account = TestAccounts.create(Role.ANNOTATOR);
    workplace.run(
        "update account set all_projects = false, email = ?2 where id = ?1", account.id, email);
    account.email = email;
    return account;
  }

  private void assertFits() {
    assertThat((int) page.evaluate("document.documentElement.scrollWidth")).isEqualTo(WIDTH);
  }
}

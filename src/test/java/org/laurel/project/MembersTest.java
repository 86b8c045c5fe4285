package org.laurel.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.common.mapper.TypeRef;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class MembersTest extends MembersScene {
  private static final TypeRef<Map<String, Object>> MAP = new TypeRef<>() {};

  @Test
  void listsWhoWorksHereAndWhy() {
    Account everywhere = TestAccounts.create(Role.REVIEWER);
    Account elsewhere = TestAccounts.create(Role.ANNOTATOR);
    workplace.run("update account set all_projects = false where id = ?1", elsewhere.id);
    UUID task = task();
    lease();
    rank(task).statusCode(200);

    List<Map<String, Object>> all = list("");
    Map<String, Object> entry = of(bob, all);
    assertThat(entry).containsEntry("everywhere", false).containsEntry("rankings", 1);
    assertThat(entry).containsKeys("since", "lastSeenAt").containsEntry("role", "annotator");
    assertThat(of(everywhere, all)).containsEntry("everywhere", true).doesNotContainKey("since");
    assertThat(of(everywhere, all)).doesNotContainKey("lastSeenAt").containsEntry("rankings", 0);
    assertThat(all).extracting(one -> one.get("id")).doesNotContain(elsewhere.id.toString());

    assertThat(list("&everywhere=false")).containsExactly(entry);
    assertThat(list("&everywhere=true"))
        .extracting(one -> one.get("id"))
        .contains(everywhere.id.toString(), administrator.id.toString())
        .doesNotContain(bob.id.toString());

    workplace.run("update account set disabled_at = now() where id = ?1", everywhere.id);
    workplace.run("update account set disabled_at = now() where id = ?1", bob.id);
    assertThat(of(bob, list(""))).containsEntry("disabled", true);
    assertThat(list("")).extracting(one -> one.get("id")).doesNotContain(everywhere.id.toString());
  }

  @Test
  void aBlankNameIsNone() {
    String email = "cy-" + UUID.randomUUID() + "@example.org";
    as(administrator)
        .body(Map.of("email", email, "name", "  "))
        .post("/api/annotators")
        .then()
        .statusCode(201);
    assertThat(workplace.one("select coalesce(name, 'none') from account where email = ?1", email))
        .isEqualTo("none");
  }

  @Test
  void isForAdministratorsAlone() {
    for (String role : List.of(Role.ANNOTATOR, Role.REVIEWER)) {
      Account other = TestAccounts.create(role);
      as(other).get(path()).then().statusCode(403);
      as(other).put(member(other)).then().statusCode(403);
      as(other).delete(member(bob)).then().statusCode(403);
      as(other).get("/api/annotators").then().statusCode(403);
      as(other)
          .body(Map.of("role", "administrator"))
          .patch("/api/annotators/" + other.id)
          .then()
          .statusCode(403);
      as(other).accept("text/html").get("/projects/" + project + "/people").then().statusCode(403);
      as(other).accept("text/html").get("/people/" + bob.id + "/projects").then().statusCode(403);
    }
  }

  @Test
  void refusesWhatHasNoEffectOrNoSense() {
    Account everywhere = TestAccounts.create(Role.ANNOTATOR);
    as(administrator)
        .delete(member(everywhere))
        .then()
        .statusCode(409)
        .body("detail", containsString("every project"));
    as(administrator).delete(path() + "/" + UUID.randomUUID()).then().statusCode(404);
    as(administrator).put(path() + "/" + UUID.randomUUID()).then().statusCode(404);
    as(administrator).delete(member(bob)).then().statusCode(204);
    as(administrator).delete(member(bob)).then().statusCode(204);
    workplace.run("update account set disabled_at = now() where id = ?1", bob.id);
    as(administrator).put(member(bob)).then().statusCode(409);
    as(administrator).get(path() + "?everywhere=maybe").then().statusCode(400);
  }

  @Test
  void pagesByCursor() {
    for (int i = 0; i < 3; i++) {
      Account other = TestAccounts.create(Role.ANNOTATOR);
      workplace.run("update account set all_projects = false where id = ?1", other.id);
      as(administrator).put(member(other)).then().statusCode(204);
    }
    for (String list : List.of(path() + "?everywhere=false&", "/api/annotators?")) {
      List<String> seen = new ArrayList<>();
      String after = new UUID(0, 0).toString();
      while (after != null) {
        var page = as(administrator).get(list + "limit=3&after=" + after).jsonPath();
        seen.addAll(page.getList("items.id", String.class));
        after = page.getString("next");
      }
      assertThat(seen).doesNotHaveDuplicates().contains(bob.id.toString()).hasSizeGreaterThan(3);
    }
  }

  @Test
  void anAccountIsListedWithItsProjectsAndChanged() {
    Map<String, Object> before = change(Map.of());
    assertThat(before).containsEntry("everywhere", false).containsEntry("role", "annotator");
    assertThat(String.valueOf(before.get("projects"))).contains(project.toString());

    Map<String, Object> after =
        change(Map.of("role", "reviewer", "language", "fr", "name", "Bob", "allProjects", true));
    assertThat(after)
        .containsEntry("role", "reviewer")
        .containsEntry("language", "fr")
        .containsEntry("name", "Bob")
        .containsEntry("everywhere", true)
        .containsEntry("disabled", false);
    assertThat(change(Map.of("name", "")))
        .doesNotContainKey("name")
        .containsEntry("language", "fr");

    assertThat(change(Map.of("disabled", true))).containsEntry("disabled", true);
    bob().get("/api/projects").then().statusCode(401);
    assertThat(change(Map.of("disabled", false))).containsEntry("disabled", false);
    bob().get("/api/projects").then().statusCode(200);

    patch(bob, Map.of("role", "emperor")).statusCode(422).body("errors.field", hasItem("role"));
    patch(bob, Map.of("language", "xx")).statusCode(422).body("errors.field", hasItem("language"));
    as(administrator)
        .body(Map.of("role", "reviewer"))
        .patch("/api/annotators/" + UUID.randomUUID())
        .then()
        .statusCode(404);
  }

  @Test
  void theLastAdministratorStaysOneOverTheApi() {
    List<?> rest =
        workplace.all(
            "select id from account where role = 'administrator' and id <> ?1", administrator.id);
    rest.forEach(id -> workplace.run("update account set role = 'reviewer' where id = ?1", id));
    try {
      patch(administrator, Map.of("role", "annotator")).statusCode(409);
      patch(administrator, Map.of("disabled", true)).statusCode(409);
    } finally {
      rest.forEach(
          id -> workplace.run("update account set role = 'administrator' where id = ?1", id));
    }
  }

  @Test
  void thePageLetsInAndTakesOut() {
    String page = "/projects/" + project + "/people";
    Account fay = TestAccounts.create(Role.ANNOTATOR);
    workplace.run(
        "update account set all_projects = false, name = '<b>Fay</b>' where id = ?1", fay.id);
    html().get(page).then().body(not(containsString("Take &lt;b&gt;Fay")));

    form().formParam("email", fay.email.toUpperCase()).post(page).then().statusCode(303);
    html()
        .get(page)
        .then()
        .statusCode(200)
        .body(containsString("Take &lt;b&gt;Fay&lt;/b&gt; out"))
        .body(not(containsString("<b>Fay</b>")))
        .body(containsString("Take " + bob.email + " out"))
        .body(containsString("aria-current=\"page\">People"));
    form().post(page + "/" + fay.id + "/dismissal").then().statusCode(303);
    html().get(page).then().body(not(containsString("Fay&lt;/b&gt; out")));
    form()
        .formParam("email", "nobody@example.org")
        .post(page)
        .then()
        .statusCode(404)
        .body(containsString("Nobody has an account of nobody@example.org"));
    html().get(page + "/list?everywhere=true&after=" + new UUID(0, 0)).then().statusCode(200);
  }

  @Test
  void thePeoplePageSaysWhereSomebodyWorksAndChangesIt() {
    UUID other = workplace.project("{}");
    String page = "/people/" + bob.id + "/projects";
    html().get("/people").then().body(containsString("/projects/" + project + "/people"));
    html()
        .get(page)
        .then()
        .statusCode(200)
        .body(containsString("value=\"" + project + "\" checked"))
        .body(not(containsString("value=\"" + other + "\" checked")));

    form().formParam("all", "false").formParam("project", other).post(page).then().statusCode(303);
    assertThat(String.valueOf(change(Map.of()).get("projects")))
        .contains(other.toString())
        .doesNotContain(project.toString());
    form().formParam("all", "true").post(page).then().statusCode(303);
    assertThat(change(Map.of())).containsEntry("everywhere", true);
    task();
    leaseIs(200);
    form().formParam("all", "false").formParam("project", project).post(page);
    assertThat(open()).isEqualTo(1);
    form().formParam("all", "false").post(page).then().statusCode(303);
    assertThat(change(Map.of()).get("projects")).isEqualTo(List.of());
  }

  private Map<String, Object> change(Map<String, ?> change) {
    return patch(bob, change).statusCode(200).body("id", notNullValue()).extract().as(MAP);
  }

  private List<Map<String, Object>> list(String query) {
    return as(administrator).get(path() + "?limit=1000" + query).jsonPath().getList("items");
  }

  private static Map<String, Object> of(Account account, List<Map<String, Object>> list) {
    return list.stream()
        .filter(one -> account.id.toString().equals(one.get("id")))
        .findFirst()
        .orElseThrow();
  }

  private RequestSpecification html() {
    return TestAccounts.as(administrator).accept("text/html");
  }

  private RequestSpecification form() {
    return TestAccounts.as(administrator).redirects().follow(false);
  }
}

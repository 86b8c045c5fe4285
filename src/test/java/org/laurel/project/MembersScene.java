package org.laurel.project;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.ranking.Submission;
import org.laurel.task.Workplace;

/** A project with a member who was let into it alone, and an administrator. */
abstract class MembersScene {
  private static final String OPEN =
      "select count(*) from task_seat s join task t on t.id = s.task_id where t.project_id = ?1"
          + " and s.annotator_id = ?2 and s.submitted_at is null and s.lease_expires_at > now()";

  final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);

  @Inject Workplace workplace;

  UUID project;
  Account bob;
  String bobsToken;

  @BeforeEach
  void aMember() {
    project = workplace.project("{}");
    bob = TestAccounts.create(Role.ANNOTATOR);
    bobsToken = TestAccounts.token(bob);
    workplace.run("update account set all_projects = false where id = ?1", bob.id);
    as(administrator).put(member(bob)).then().statusCode(204);
  }

  UUID task() {
    return workplace.tasks(project, 1, 1, "four", "4").get(0);
  }

  ValidatableResponse lease() {
    return bob().body("{}").post("/api/projects/" + project + "/tasks/lease").then();
  }

  void leaseIs(int status) {
    lease().statusCode(status);
  }

  ValidatableResponse rank(UUID task) {
    return bob().body(ranking(task)).put("/api/tasks/" + task + "/ranking").then();
  }

  Submission ranking(UUID task) {
    List<List<String>> groups = new ArrayList<>();
    workplace
        .all("select completion_id from task_completion where task_id = ?1", task)
        .forEach(id -> groups.add(List.of(id.toString())));
    return new Submission(new ArrayList<>(groups), null, null, null, null, 5000L, null);
  }

  long open() {
    return open(project, bob);
  }

  long open(UUID in, Account whose) {
    return ((Number) workplace.one(OPEN, in, whose.id)).longValue();
  }

  ValidatableResponse patch(Account account, Map<String, ?> change) {
    return as(administrator).body(change).patch("/api/annotators/" + account.id).then();
  }

  String path() {
    return "/api/projects/" + project + "/members";
  }

  String member(Account account) {
    return path() + "/" + account.id;
  }

  RequestSpecification bob() {
    return RestAssured.given()
        .header("Authorization", "Bearer " + bobsToken)
        .contentType(ContentType.JSON);
  }

  static RequestSpecification as(Account account) {
    return TestAccounts.as(account).contentType(ContentType.JSON);
  }
}

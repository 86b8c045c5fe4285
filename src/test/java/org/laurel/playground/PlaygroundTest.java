package org.laurel.playground;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;

@QuarkusTest
class PlaygroundTest {
  @Test
  void offersEveryVersionAndOpensOnTheOnesAskedFor() {
    PolicyVersion first = TestPolicies.create(1);
    PolicyVersion second = TestPolicies.create(2);
    var reviewer = TestAccounts.create(Role.REVIEWER);
    TestAccounts.as(reviewer)
        .get("/playground?left={left}&right={right}", first.name, second.name)
        .then()
        .statusCode(200)
        .body(containsString("<option value=\"" + first.name + "\" selected>"))
        .body(containsString("<option value=\"" + second.name + "\" selected>"))
        .body(containsString("data-compare"));
    TestAccounts.as(reviewer)
        .get("/playground?left={left}", first.name)
        .then()
        .body(not(containsString("data-compare")));
  }

  @Test
  void annotatorsDoNotSeeThePolicies() {
    TestAccounts.as(Role.ANNOTATOR).get("/playground").then().statusCode(403);
  }
}

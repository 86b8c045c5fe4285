package org.laurel.rewardmodel;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.Test;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.policy.TestPolicies;

@QuarkusTest
class LineageTest {
  private final UUID policy = TestPolicies.create(42).id;

  @Test
  void theParentIsThePolicyWhoseWeightsItBeganWith() {
    shows("policy", equalTo(policy.toString()));
  }

  @Test
  void anEncodersRewardModelHasNoParent() {
    shows("minilm", nullValue());
  }

  private void shows(String backbone, Matcher<?> parent) {
    UUID model = TestPolicies.createRewardModel(43).id;
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                RewardModelVersion.update(
                    "policyId = ?1, backbone = ?2 where id = ?3", policy, backbone, model));

    TestAccounts.as(Role.REVIEWER)
        .get("/api/reward-models/" + model)
        .then()
        .statusCode(200)
        .body("policy", equalTo(policy.toString()))
        .body("parent", parent);
  }
}

package org.laurel.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.project.TestProjects;

@QuarkusTest
class RunsTest {

  @Test
  void aReviewerOfAnotherProjectLearnsNothingOfARun() {
    String run = "/api/runs/" + ended(TestProjects.create().id);
    Account elsewhere = TestAccounts.create(Role.REVIEWER);
    QuarkusTransaction.requiringNew()
        .run(() -> Account.update("allProjects = false where id = ?1", elsewhere.id));

    for (String path : List.of(run, run + "/metrics", run + "/samples")) {
      assertThat(TestAccounts.as(elsewhere).get(path).statusCode()).as(path).isEqualTo(404);
      assertThat(TestAccounts.as(Role.REVIEWER).get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  private static UUID ended(UUID project) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Run run = new Run();
              run.projectId = project;
              run.kind = "reward";
              run.status = RunStatus.CANCELLED;
              run.persist();
              return run.id;
            });
  }
}

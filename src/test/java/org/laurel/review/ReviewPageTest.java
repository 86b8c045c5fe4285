package org.laurel.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;

@QuarkusTest
class ReviewPageTest extends ReviewScene {

  @Test
  void showsWhoSaidWhat() {
    UUID task = task();
    List<UUID> a = answers(task);
    String flagged = a.get(2).toString();
    rank(
        task, ann, strict(a), 75_000, Map.of(flagged, List.of("untrue")), "<i>Because</i> of eggs");
    rank(task, bob, List.of(List.of(a.get(1)), List.of(a.get(0), a.get(2))), 1_000, Map.of(), null);
    rankings.submit(task, bob, submission(strict(a), 125_000, Map.of(), null));

    String list = page("/rankings");
    assertThat(list)
        .contains("What is 0 plus 0?", "/rankings/" + task, "100%", "flagged", ann + "@example.org")
        .doesNotContain("fast</span>");

    String shown = page("/rankings/" + task);
    assertThat(shown)
        .contains("They judge 100% of the pairs alike.", ann + "@example.org", bob + "@example.org")
        .contains("&lt;i&gt;Because&lt;/i&gt; of eggs", "75 s", "2 min", "untrue")
        .contains("Earlier: 1", "B › A = C", "1 s")
        .contains("A week, cooled.")
        .doesNotContain("<i>Because", "<b>and</b>", "Where they differ");
  }

  @Test
  void showsWhichPairsPeopleJudgeDifferently() {
    UUID task = task();
    List<UUID> a = answers(task);
    rank(task, ann, strict(List.of(a.get(2), a.get(0), a.get(1))));
    rank(task, bob, strict(List.of(a.get(2), a.get(1), a.get(0))));
    assertThat(page("/rankings/" + task))
        .contains("They judge 67% of the pairs alike.", "Where they differ")
        .containsOnlyOnce("</a> against <a");
  }

  @Test
  void goesOnFromOneTaskToTheNextOfTheSameList() {
    List<UUID> tasks = workplace.tasks(project, 2, 1, "four", "4");
    for (UUID task : tasks) {
      rank(task, ann, strict(answers(task)), 900, Map.of(), null);
    }
    String query = "?only=fast&amp;annotator=" + ann;
    assertThat(page("/rankings?only=fast&annotator=" + ann))
        .contains("/rankings/" + tasks.get(1) + query, "/rankings/" + tasks.get(0) + query);
    assertThat(page("/rankings/" + tasks.get(1) + "?only=fast&annotator=" + ann))
        .contains("id=\"next-task\" href=\"/projects/" + project + "/rankings/" + tasks.get(0));
    assertThat(page("/rankings/" + tasks.get(0) + "?only=fast&annotator=" + ann))
        .doesNotContain("next-task");
    assertThat(page("/rankings?only=returned")).contains("No such ranking");
    assertThat(page("/rankings?only=nonsense&annotator=nobody")).contains("What is 1 plus 1?");
  }

  @Test
  void theProjectsFiguresLeadToTheRankingsThatTheyAreOf() {
    UUID task = task();
    rank(task, ann, strict(answers(task)), 900, Map.of(), null);
    rank(task, bob, strict(answers(task)));
    assertThat(page(""))
        .contains("/rankings?annotator=" + ann)
        .contains("/rankings?only=fast&amp;annotator=" + ann)
        .doesNotContain("/rankings?only=fast&amp;annotator=" + bob)
        .contains("href=\"/projects/" + project + "/rankings?only=fast\"")
        .contains("/rankings?order=agreement");
  }

  @Test
  void isForReviewersOfTheProject() {
    UUID task = task();
    Account annotator = TestAccounts.create(Role.ANNOTATOR);
    for (String path : List.of("/rankings", "/rankings/" + task)) {
      assertThat(status(annotator, path)).as(path).isEqualTo(403);
      assertThat(status(reviewer, path)).as(path).isEqualTo(200);
    }
    UUID elsewhere = workplace.tasks(workplace.project("{}"), 1, 1, "a", "b").get(0);
    assertThat(status(reviewer, "/rankings/" + elsewhere)).isEqualTo(404);
    QuarkusTransaction.requiringNew()
        .run(() -> Account.update("allProjects = false where id = ?1", reviewer.id));
    for (String path : List.of("/rankings", "/rankings/" + task)) {
      assertThat(status(reviewer, path)).as(path).isEqualTo(404);
    }
  }

  private int status(Account account, String path) {
    return TestAccounts.as(account)
        .accept("text/html")
        .get("/projects/" + project + path)
        .statusCode();
  }
}

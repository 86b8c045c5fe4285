package org.laurel.review;

import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.ranking.Rankings;
import org.laurel.ranking.StoredRanking;
import org.laurel.ranking.Submission;
import org.laurel.task.Leases;
import org.laurel.task.Workplace;

/** A project in which people ranked, and a reviewer who looks at it. */
abstract class ReviewScene {
  static final String[] THREE = {"Three weeks.", "A week, cooled.", "For ever <b>and</b> ever"};

  @Inject Leases leases;
  @Inject Rankings rankings;
  @Inject Workplace workplace;

  UUID project;
  UUID ann;
  UUID bob;
  Account reviewer;

  @BeforeEach
  void people() {
    project = workplace.project("{}");
    ann = workplace.annotator();
    bob = workplace.annotator();
    reviewer = TestAccounts.create(Role.REVIEWER);
  }

  /** A task with three answers for two people. */
  UUID task() {
    return workplace.tasks(project, 1, 2, THREE).get(0);
  }

  /** The order of a task's answers by id, some of them tied. */
  List<UUID> answers(UUID task) {
    return workplace.completions(task);
  }

  StoredRanking rank(UUID task, UUID annotator, List<List<UUID>> groups) {
    return rank(task, annotator, groups, 60_000L, Map.of(), null);
  }

  StoredRanking rank(
      UUID task,
      UUID annotator,
      List<List<UUID>> groups,
      long elapsedMs,
      Map<String, List<String>> flags,
      @Nullable String rationale) {
    leases.of(task, annotator);
    return rankings.submit(task, annotator, submission(groups, elapsedMs, flags, rationale));
  }

  static Submission submission(
      List<List<UUID>> groups,
      long elapsedMs,
      Map<String, List<String>> flags,
      @Nullable String rationale) {
    List<List<String>> texts =
        groups.stream().map(group -> group.stream().map(UUID::toString).toList()).toList();
    return new Submission(texts, Map.of(), flags, null, rationale, elapsedMs, groups.isEmpty());
  }

  static List<List<UUID>> strict(List<UUID> order) {
    return order.stream().map(List::of).toList();
  }

  String page(String path) {
    Response answer =
        TestAccounts.as(reviewer).accept("text/html").get("/projects/" + project + path);
    return answer.then().statusCode(200).extract().asString();
  }
}

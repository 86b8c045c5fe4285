package org.laurel.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.preference.OrderedGroups;
import org.laurel.prompt.Prompt;
import org.laurel.ranking.Judgment;
import org.laurel.ranking.Ranking;
import org.laurel.ranking.RankingVersion;
import org.laurel.review.ReviewedTask.Answer;
import org.laurel.review.ReviewedTask.Card;
import org.laurel.review.ReviewedTask.Form;
import org.laurel.review.ReviewedTask.Message;
import org.laurel.review.ReviewedTask.Pair;
import org.laurel.review.ReviewedTask.Rung;
import org.laurel.review.ReviewedTask.Said;
import org.laurel.review.ReviewedTask.Settlement;
import org.laurel.task.Task;
import org.laurel.web.Markdown;
import org.laurel.web.Problem;
import org.laurel.web.Shown;

/** Puts together what the page of a task shows. */
@ApplicationScoped
class ReviewedTasks {
  private static final List<String> STRENGTHS =
      List.of("negligibly better", "slightly better", "better", "significantly better");

  private final EntityManager database;
  private final CheckedTasks checks;

  ReviewedTasks(EntityManager database, CheckedTasks checks) {
    this.database = database;
    this.checks = checks;
  }

  /**
   * @throws Problem 404 without such a task in the project
   */
  ReviewedTask get(UUID project, UUID id) {
    Task task =
        Task.<Task>find("id = ?1 and projectId = ?2", id, project)
            .firstResultOptional()
            .orElseThrow(() -> Problem.notFound("task", id));
    List<Answer> answers = answers(id);
    List<Ranking> rankings = Ranking.list("taskId = ?1 order by seat", id);
    Map<UUID, List<RankingVersion>> versions = versions(rankings);
    List<OrderedGroups<UUID>> orders = new ArrayList<>();
    for (Ranking ranking : rankings) {
      Judgment judgment = inForce(ranking, versions).judgment();
      if (ranking.withheld == null && !judgment.unrankable()) {
        orders.add(new OrderedGroups<>(judgment.groups()));
      }
    }
    Letters letters = new Letters(answers);
    List<Adjudication> settled = Adjudication.of(id);
    return new ReviewedTask(
        id,
        Prompt.get(task.promptId).messages.stream()
            .map(message -> new Message(message.role(), Markdown.html(message.content())))
            .toList(),
        answers,
        agreement(id),
        (int) rankings.stream().filter(ranking -> ranking.withheld == null).count(),
        said(rankings, versions, letters),
        pairs(orders, letters),
        task.origin.equals("evaluation"),
        settlements(settled, letters),
        checks.of(project, id).orElse(null),
        SilentChecks.rightOrder(database, id).filter(SilentChecks::tellsApart).isPresent());
  }

  /** As the list has it; of a task that nobody has ranked there is none. */
  private String agreement(UUID task) {
    List<?> found =
        database
            .createNativeQuery(
                "select agreement from ranked_task where task_id = :task", Float.class)
            .setParameter("task", task)
            .getResultList();
    Float agreement = found.isEmpty() ? null : (Float) found.get(0);
    return Shown.share(agreement == null ? null : agreement.doubleValue());
  }

  /** Letters go by the ids, which are random, so that they tell nothing of the policies. */
  @SuppressWarnings("unchecked")
  private List<Answer> answers(UUID task) {
    List<Tuple> rows =
        database
            .createNativeQuery(
                """
                select c.id, c.text, coalesce(v.name, c.source_policy, '') as policy
                  from task_completion tc join completion c on c.id = tc.completion_id
                  left join policy_version v on v.id = c.policy_id
                 where tc.task_id = :task order by c.id
                """,
                Tuple.class)
            .setParameter("task", task)
            .getResultList();
    List<Answer> answers = new ArrayList<>();
    for (Tuple row : rows) {
      answers.add(
          new Answer(
              row.get("id", UUID.class),
              String.valueOf((char) ('A' + answers.size())),
              row.get("policy", String.class),
              row.get("text", String.class),
              Markdown.html(row.get("text", String.class))));
    }
    return answers;
  }

  private static Map<UUID, List<RankingVersion>> versions(List<Ranking> rankings) {
    List<UUID> ids = rankings.stream().map(ranking -> ranking.id).toList();
    return RankingVersion.<RankingVersion>list("rankingId in ?1 order by version desc", ids)
        .stream()
        .collect(Collectors.groupingBy(version -> version.rankingId));
  }

  private static RankingVersion inForce(Ranking ranking, Map<UUID, List<RankingVersion>> versions) {
    return versions.getOrDefault(ranking.id, List.of()).stream()
        .filter(version -> version.version == ranking.version)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("ranking " + ranking.id + " has no version"));
  }

  private static List<Said> said(
      List<Ranking> rankings, Map<UUID, List<RankingVersion>> versions, Letters letters) {
    Map<UUID, Account> people =
        people(rankings.stream().flatMap(one -> Stream.of(one.annotatorId, one.withheldBy)));
    List<Said> said = new ArrayList<>();
    for (Ranking ranking : rankings) {
      RankingVersion version = inForce(ranking, versions);
      @Nullable Account person = found(people, ranking.annotatorId);
      @Nullable Account reviewer = found(people, ranking.withheldBy);
      List<List<UUID>> groups = version.groups;
      boolean strict = groups.stream().allMatch(group -> group.size() == 1);
      List<UUID> order = groups.stream().flatMap(List::stream).toList();
      said.add(
          new Said(
              ranking.id,
              person == null ? "" : name(person),
              ranking.annotatorId,
              person != null && person.simulated,
              ranking.fast,
              person != null && strict && order.equals(version.displayOrder),
              ranking.withheld == null ? "" : ranking.withheld,
              Objects.requireNonNullElse(ranking.withheldNote, ""),
              reviewer == null ? "" : name(reviewer),
              ranking.withheldAt,
              ranking.version,
              letters.form(version),
              versions.getOrDefault(ranking.id, List.of()).stream()
                  .filter(earlier -> earlier.version < ranking.version)
                  .map(letters::form)
                  .toList(),
              letters.of(version.displayOrder),
              ranking.guidelinesVersion,
              ranking.submittedAt));
    }
    return said;
  }

  private static List<Settlement> settlements(List<Adjudication> given, Letters letters) {
    Map<UUID, Account> people =
        people(given.stream().flatMap(one -> Stream.of(one.givenBy, one.withdrawnBy)));
    return given.stream()
        .map(
            one -> {
              Judgment said = one.judgment();
              @Nullable Account by = found(people, one.givenBy);
              @Nullable Account withdrawnBy = found(people, one.withdrawnBy);
              return new Settlement(
                  one.version,
                  one.unrankable,
                  letters.rungs(said),
                  said.strength(),
                  Objects.requireNonNullElse(one.reason, ""),
                  by == null ? "" : name(by),
                  one.givenAt,
                  withdrawnBy == null ? "" : name(withdrawnBy),
                  one.withdrawnAt,
                  json(said.groups()));
            })
        .toList();
  }

  /** Ids need no escaping. */
  private static String json(List<List<UUID>> groups) {
    return groups.stream()
        .map(tied -> tied.stream().map(id -> '"' + id.toString() + '"').toList().toString())
        .toList()
        .toString();
  }

  private static Map<UUID, Account> people(Stream<@Nullable UUID> of) {
    Set<UUID> ids = of.filter(Objects::nonNull).collect(Collectors.toSet());
    return Account.<Account>list("id in ?1", ids).stream()
        .collect(Collectors.toMap(account -> account.id, account -> account));
  }

  private static @Nullable Account found(Map<UUID, Account> people, @Nullable UUID id) {
    return id == null ? null : people.get(id);
  }

  private static String name(Account account) {
    String name = account.name;
    return name == null || name.isBlank() ? account.email : name;
  }

  private static List<Pair> pairs(List<OrderedGroups<UUID>> orders, Letters letters) {
    List<Pair> pairs = new ArrayList<>();
    List<UUID> ids = List.copyOf(letters.letters.keySet());
    for (int i = 0; i < ids.size(); i++) {
      for (int j = i + 1; j < ids.size(); j++) {
        long better = 0;
        long even = 0;
        long worse = 0;
        for (OrderedGroups<UUID> order : orders) {
          int ahead = order.rank(ids.get(j)) - order.rank(ids.get(i));
          better += ahead > 0 ? 1 : 0;
          even += ahead == 0 ? 1 : 0;
          worse += ahead < 0 ? 1 : 0;
        }
        if (Math.max(better, Math.max(even, worse)) < orders.size()) {
          pairs.add(new Pair(letters.of(ids.get(i)), letters.of(ids.get(j)), better, even, worse));
        }
      }
    }
    return pairs;
  }

  /** Says a version in the letters of a task's answers. */
  private static final class Letters {
    private final Map<UUID, String> letters = new LinkedHashMap<>();

    Letters(List<Answer> answers) {
      answers.forEach(answer -> letters.put(answer.id(), answer.letter()));
    }

    String of(UUID completion) {
      return letters.getOrDefault(completion, "?");
    }

    String of(Collection<UUID> completions) {
      return String.join(" ", completions.stream().map(this::of).toList());
    }

    Form form(RankingVersion version) {
      Judgment judgment = version.judgment();
      Set<UUID> placed = new HashSet<>();
      judgment.groups().forEach(placed::addAll);
      List<UUID> marked =
          letters.keySet().stream()
              .filter(id -> !placed.contains(id))
              .filter(id -> judgment.ratings().containsKey(id) || judgment.flags().containsKey(id))
              .toList();
      Integer strength = judgment.strength();
      return new Form(
          version.version,
          judgment.unrankable(),
          rungs(judgment),
          cards(marked, judgment),
          strength == null ? "" : STRENGTHS.get(strength - 1),
          Objects.requireNonNullElse(judgment.rationale(), ""),
          Shown.time(judgment.elapsedMs()),
          version.createdAt);
    }

    List<Rung> rungs(Judgment judgment) {
      List<Rung> rungs = new ArrayList<>();
      for (List<UUID> group : judgment.groups()) {
        rungs.add(new Rung(rungs.size() + 1, cards(group, judgment)));
      }
      return rungs;
    }

    private List<Card> cards(List<UUID> ids, Judgment judgment) {
      return ids.stream()
          .sorted((one, other) -> of(one).compareTo(of(other)))
          .map(
              id ->
                  new Card(
                      of(id),
                      judgment.ratings().get(id),
                      judgment.flags().getOrDefault(id, List.of())))
          .toList();
    }
  }
}

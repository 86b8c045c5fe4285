package org.laurel.judge;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.project.Project;
import org.laurel.ranking.Accord;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.web.Problem;

/**
 * Does the work of a {@link Judging}, pair by pair, each kept as soon as it is judged: whatever
 * happens the work so far stays and the rest can follow.
 */
@ApplicationScoped
class JudgingJob {
  private static final Logger LOG = Logger.getLogger(JudgingJob.class);

  /** Pairs under way at once. */
  private static final int AT_ONCE = 4;

  /** Verdicts after which a judge that mostly cannot be read is given up. */
  private static final int PATIENCE = 20;

  private final ServedPolicies policies;
  private final JudgeSettings settings;
  private final Pairs pairs;
  private final Verdicts verdicts;
  private final ProjectStatistics statistics;

  @Inject
  JudgingJob(
      ServedPolicies policies,
      JudgeSettings settings,
      Pairs pairs,
      Verdicts verdicts,
      ProjectStatistics statistics) {
    this.policies = policies;
    this.settings = settings;
    this.pairs = pairs;
    this.verdicts = verdicts;
    this.statistics = statistics;
  }

  /** Runs to the end, a failure, or the request to stop; returns early when interrupted. */
  void run(UUID id) throws InterruptedException {
    try {
      boolean complete = judge(id);
      end(id, complete ? "finished" : "cancelled", null);
    } catch (JudgeFailure | Problem e) {
      end(id, "failed", e.getMessage());
    } catch (RuntimeException e) {
      LOG.errorf(e, "judging %s failed", id);
      end(id, "failed", String.valueOf(e.getMessage()));
    }
  }

  /** Whether it came to the end. */
  private boolean judge(UUID id) throws JudgeFailure, InterruptedException {
    Judging judging = change(id, Judging::begin);
    Asking asking = QuarkusTransaction.requiringNew().call(() -> asking(judging));
    try (Judge judge = open(judging)) {
      if (judging.calibration == null) {
        Set<List<UUID>> done = verdicts.calibrated(id);
        List<Pair> ranked =
            pairs.ranked(judging).stream()
                .filter(pair -> !done.contains(List.of(pair.first(), pair.second())))
                .toList();
        long left = ranked.size() + pairs.plan(judging).votePairs();
        if (!each(enter(id, "calibrating", left), judge, asking, ranked)) {
          return false;
        }
        Calibration figures = Calibration.of(verdicts.calibrating(id), people(judging.projectId));
        change(id, j -> j.calibrate(figures));
      }
      List<Pair> open = pairs.unjudged(judging);
      return each(enter(id, "judging", open.size()), judge, asking, open);
    }
  }

  /** What every question is made of. */
  private record Asking(Rubric rubric, String guidelines) {}

  private static Asking asking(Judging judging) {
    String guidelines =
        Project.get(judging.projectId).guidelines().map(version -> version.text).orElse("");
    RubricVersion rubric = RubricVersion.get(judging.projectId, judging.rubricVersion);
    return new Asking(new Rubric(rubric.text), guidelines);
  }

  private Judge open(Judging judging) throws JudgeFailure {
    if (judging.policyId != null) {
      UUID id = judging.policyId;
      PolicyVersion version =
          QuarkusTransaction.requiringNew()
              .call(() -> Objects.requireNonNull(PolicyVersion.findById(id)));
      return new PolicyJudge(policies.open(version));
    }
    JudgeEndpoint endpoint =
        settings
            .endpoint()
            .filter(set -> set.address().toString().equals(judging.endpoint))
            .orElseThrow(
                () ->
                    new JudgeFailure(
                        "the server's LAUREL_JUDGE_ENDPOINT is no longer " + judging.endpoint));
    return new EndpointJudge(endpoint, judging.model);
  }

  /** Judges pairs, a few at once; whether all were. */
  private boolean each(Judging judging, Judge judge, Asking asking, List<Pair> all)
      throws JudgeFailure, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
    try {
      CompletionService<Verdict> underWay = new ExecutorCompletionService<>(workers);
      int begun = 0;
      for (int ended = 0; ended < all.size(); ended++) {
        if (stopRequested(judging.id)) {
          return false;
        }
        while (begun < all.size() && begun < ended + AT_ONCE) {
          Pair pair = all.get(begun++);
          underWay.submit(() -> judge(judging, judge, asking, pair));
        }
        giveUpIfUnreadable(judging.id, underWay.take().get());
      }
      return true;
    } catch (ExecutionException e) {
      throw asThrown(e);
    } finally {
      workers.shutdownNow();
    }
  }

  private Verdict judge(Judging judging, Judge judge, Asking asking, Pair pair)
      throws JudgeFailure, InterruptedException {
    Verdicts.Texts texts = verdicts.texts(pair);
    Rubric rubric = asking.rubric();
    String forward =
        rubric.question(texts.conversation(), texts.first(), texts.second(), asking.guidelines());
    String backward =
        rubric.question(texts.conversation(), texts.second(), texts.first(), asking.guidelines());
    Verdict verdict = new Verdict(judge.ask(forward), judge.ask(backward));
    verdicts.store(judging.id, pair, verdict);
    return verdict;
  }

  private void giveUpIfUnreadable(UUID id, Verdict last) throws JudgeFailure {
    if (last.outcome() != Verdict.Outcome.UNREADABLE) {
      return;
    }
    long[] counts = verdicts.counts(id);
    if (counts[0] >= PATIENCE && 2 * counts[1] > counts[0]) {
      Answer odd = last.forward().isReadable() ? last.backward() : last.forward();
      throw new JudgeFailure(
          "the judge gave no readable answer on %d of %d pairs; the last was: %s"
              .formatted(counts[1], counts[0], odd.reply()));
    }
  }

  private static JudgeFailure asThrown(ExecutionException e) throws InterruptedException {
    Throwable cause = e.getCause();
    if (cause instanceof JudgeFailure failure) {
      return failure;
    }
    if (cause instanceof InterruptedException) {
      throw new InterruptedException();
    }
    throw cause instanceof RuntimeException other ? other : new IllegalStateException(cause);
  }

  private Calibration.@Nullable Rate people(UUID project) {
    Accord accord = statistics.of(project).agreement();
    Double rate = accord.rate();
    Double low = accord.low();
    Double high = accord.high();
    return rate == null || low == null || high == null
        ? null
        : new Calibration.Rate(rate, low, high);
  }

  private static Judging enter(UUID id, String phase, long left) {
    return change(id, judging -> judging.enter(phase, left));
  }

  private static boolean stopRequested(UUID id) {
    return QuarkusTransaction.requiringNew()
        .call(() -> Judging.<Judging>findById(id).cancelRequested);
  }

  private static void end(UUID id, String outcome, @Nullable String why) {
    change(id, judging -> judging.end(outcome, why));
  }

  private interface Change {
    void make(Judging judging);
  }

  private static Judging change(UUID id, Change change) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Judging judging = Judging.locked(id);
              change.make(judging);
              return judging;
            });
  }
}

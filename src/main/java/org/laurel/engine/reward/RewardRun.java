package org.laurel.engine.reward;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunJournal;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.Split;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.preference.Agreement;
import org.laurel.preference.OrderedGroups;

/**
 * A run of kind {@code reward}: from {@code data/rankings.jsonl} and a policy or an encoder as
 * backbone to a reward model.
 */
public final class RewardRun {

  /** Fewer pairs judged twice say too little about how well people agree. */
  private static final long MIN_PAIRS_FOR_CEILING = 50;

  private RewardRun() {}

  /**
   * Trains from the newest checkpoint, or from the beginning, to the artifact.
   *
   * @throws IOException if the directory cannot be read or written
   * @throws IllegalArgumentException naming the row or hyperparameter that is wrong
   */
  public static void run(RunDirectory directory, RunListener listener) throws IOException {
    RunRequest request = directory.request();
    RewardHyperparameters h = hyperparameters(request);
    Optional<Checkpoint> latest = directory.checkpoints().latest();
    try (RewardBackbone backbone = backbone(request, h)) {
      RunRankings rankings = RunRankings.read(directory, backbone::check);
      List<RankingRow> rows = rankings.rows();
      Pace pace = Pace.start(h.minutes(), latest);
      Split<RankingRow> all = Split.of(rows, RankingRow::opening, h.heldOutFraction());
      Split<RankingRow> split =
          new Split<>(all.training(), pace.judges(RankingRow.judging(all.heldOut())));
      TrainingPlan plan =
          latest.isPresent()
              ? new TrainingPlan(latest.get().state().path("maxTokens").asInt(), h.epochs())
              : plan(backbone, split, h, pace);
      List<EncodedRanking> training = encoded(split.training(), backbone, plan.maxTokens());
      List<EncodedRanking> heldOut = encoded(split.heldOut(), backbone, plan.maxTokens());
      try (RewardTrainer trainer =
          new RewardTrainer(backbone.network(), training, heldOut, h, plan, request.seed())) {
        latest.ifPresent(trainer::resume);
        try (RunJournal journal = RunJournal.open(directory, listener, trainer.stepsDone())) {
          if (latest.isEmpty()) {
            begin(trainer, pace, directory, journal);
          }
          train(trainer, pace, directory, journal);
          Map<String, Double> figures =
              new LinkedHashMap<>(backbone.refine(trainer, training, trainer.finish()));
          figures.putAll(trainer.kept());
          figures.putAll(ceiling(rows));
          figures.put("training_rankings", (double) training.size());
          figures.put("held_out_rankings", (double) heldOut.size());
          figures.put("dropped_rankings", (double) rankings.refused());
          figures.put("ai_votes", (double) aiVotes(rows));
          figures.put("steps", (double) trainer.stepsDone());
          figures.put("max_tokens", (double) plan.maxTokens());
          RewardScale scale = trainer.normalise();
          directory.publishArtifact(artifact -> backbone.write(artifact, scale, plan.maxTokens()));
          journal.finished(trainer.totalSteps(), figures);
        }
      }
    }
  }

  private static TrainingPlan plan(
      RewardBackbone backbone, Split<RankingRow> split, RewardHyperparameters h, Pace pace) {
    int longest = Math.min(h.maxTokens(), backbone.context());
    backbone.begin(encoded(split.training(), backbone, longest));
    return pace.plan(backbone, split, h);
  }

  /** An encoder has rates of its own; a policy's depend on its size. */
  private static RewardHyperparameters hyperparameters(RunRequest request) {
    RewardHyperparameters asked = RewardHyperparameters.read(request.overrides());
    return asked.backbone() == Backbone.POLICY
        ? Hyperparameters.read(
            request.overrides(),
            RewardHyperparameters.defaults(),
            ModelDirectory.open(request.policy()).config().parameterCount())
        : asked;
  }

  private static RewardBackbone backbone(RunRequest request, RewardHyperparameters h)
      throws IOException {
    if (h.backbone() == Backbone.POLICY) {
      return PolicyBackbone.load(request.policy(), h.headScale(), request.seed());
    }
    if (request.backbone() == null) {
      throw new IllegalArgumentException("run.json names no directory of the backbone");
    }
    return EncoderBackbone.load(request.backbone(), h, request.seed());
  }

  private static List<EncodedRanking> encoded(
      List<RankingRow> rows, RewardBackbone backbone, int maxTokens) {
    return rows.stream().map(row -> backbone.encode(row, maxTokens)).toList();
  }

  private static long aiVotes(List<RankingRow> rows) {
    return rows.stream().filter(row -> row.probability() != null).count();
  }

  private static void begin(
      RewardTrainer trainer, Pace pace, RunDirectory directory, RunJournal journal)
      throws IOException {
    // where training begins is the first candidate for the best state
    journal.metrics(0, pace.scoring(trainer::evaluate));
    // the plan rests on a measurement; whoever resumes must find it
    directory.checkpoints().save(() -> pace.timed(trainer.checkpoint()));
  }

  private static void train(
      RewardTrainer trainer, Pace pace, RunDirectory directory, RunJournal journal)
      throws IOException {
    pace.begin(trainer.stepsDone());
    while (!trainer.done()) {
      if (journal.stopRequested()) {
        directory.checkpoints().save(() -> pace.timed(trainer.checkpoint()));
        throw journal.stopped(trainer.stepsDone(), trainer.totalSteps());
      }
      Map<String, Double> figures = new LinkedHashMap<>(trainer.step());
      pace.keep(trainer);
      if (trainer.evaluationDue()) {
        figures.putAll(pace.scoring(trainer::evaluate));
        directory.checkpoints().save(() -> pace.timed(trainer.checkpoint()));
      }
      journal.metrics(trainer.stepsDone(), figures);
      journal.progress(trainer.stepsDone(), trainer.totalSteps());
    }
  }

  /** How well people agree where several ranked the same completions, and what that allows. */
  private static Map<String, Double> ceiling(List<RankingRow> rows) {
    Map<String, List<OrderedGroups<Integer>>> rankings = new LinkedHashMap<>();
    for (RankingRow row : rows) {
      if (row.probability() == null) {
        rankings
            .computeIfAbsent(row.promptHash() + row.completions(), key -> new ArrayList<>())
            .add(row.ranking());
      }
    }
    Agreement.Pairs pairs = Agreement.pairwise(rankings.values());
    if (pairs.total() < MIN_PAIRS_FOR_CEILING) {
      return Map.of();
    }
    double agreement = pairs.rateWithHalfTies();
    HumanCeiling ceiling = HumanCeiling.ofAgreement(agreement);
    return Map.of(
        "ceiling/agreement", agreement,
        "ceiling/accuracy", ceiling.accuracy(),
        "ceiling/log_loss", ceiling.logLoss());
  }
}

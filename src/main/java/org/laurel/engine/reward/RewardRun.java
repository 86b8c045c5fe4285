package org.laurel.engine.reward;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunJournal;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.model.Head;
import org.laurel.model.ModelDirectory;
import org.laurel.model.RewardScale;
import org.laurel.preference.Agreement;
import org.laurel.preference.OrderedGroups;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A run of kind {@code reward}: from {@code data/rankings.jsonl} and a policy as backbone to a
 * reward model.
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
    RewardHyperparameters h =
        Hyperparameters.read(request.overrides(), RewardHyperparameters.defaults());
    List<RankingRow> rows = rows(directory);
    ModelDirectory backbone = ModelDirectory.open(request.policy());
    int end = backbone.config().eosTokenId();
    PromptEncoder encoder = PromptEncoder.read(backbone.path(), end);
    int maxTokens = Math.min(h.maxTokens(), backbone.config().maxPositionEmbeddings());
    List<EncodedRanking> training = new ArrayList<>();
    List<EncodedRanking> heldOut = new ArrayList<>();
    for (RankingRow row : rows) {
      (row.heldOut(h.heldOutFraction()) ? heldOut : training)
          .add(EncodedRanking.of(row, encoder, end, maxTokens));
    }
    try (Decoder model = fresh(backbone, h.headScale(), request.seed());
        RewardTrainer trainer = new RewardTrainer(model, training, heldOut, h, request.seed())) {
      directory.checkpoints().latest().ifPresent(trainer::resume);
      try (RunJournal journal = RunJournal.open(directory, listener, trainer.stepsDone())) {
        train(trainer, directory, journal);
        Map<String, Double> figures = new LinkedHashMap<>(trainer.finish());
        figures.putAll(ceiling(rows));
        figures.put("training_rankings", (double) training.size());
        figures.put("held_out_rankings", (double) heldOut.size());
        RewardScale scale = trainer.normalise();
        directory.publishArtifact(
            artifact ->
                ModelDirectory.writeReward(
                    artifact, model.config(), scale, model.parameters().export(), backbone.path()));
        journal.finished(trainer.totalSteps(), figures);
      }
    }
  }

  /** The backbone with its own score head, or a fresh one where it has none. */
  private static Decoder fresh(ModelDirectory backbone, double headScale, long seed) {
    Decoder model = Decoder.loadWithScoreHead(backbone, seed);
    if (backbone.head() != Head.REWARD) {
      FloatBuffer head = model.parameters().buffer(Decoder.SCORE);
      for (int i = 0; i < head.capacity(); i++) {
        head.put(i, (float) (head.get(i) * headScale));
      }
    }
    return model;
  }

  private static List<RankingRow> rows(RunDirectory directory) throws IOException {
    List<RankingRow> rows = new ArrayList<>();
    for (JsonNode row : directory.rows("rankings")) {
      try {
        rows.add(RankingRow.parse(row));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "rankings.jsonl, row " + (rows.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    return rows;
  }

  private static void train(RewardTrainer trainer, RunDirectory directory, RunJournal journal)
      throws IOException {
    while (!trainer.done()) {
      if (journal.stopRequested()) {
        directory.checkpoints().save(trainer.checkpoint());
        throw journal.stopped(trainer.stepsDone(), trainer.totalSteps());
      }
      Map<String, Double> figures = new LinkedHashMap<>(trainer.step());
      if (trainer.evaluationDue()) {
        figures.putAll(trainer.evaluate());
        directory.checkpoints().save(trainer.checkpoint());
      }
      journal.metrics(trainer.stepsDone(), figures);
      journal.progress(trainer.stepsDone(), trainer.totalSteps());
    }
  }

  /** How well people agree where several ranked the same completions, and what that allows. */
  private static Map<String, Double> ceiling(List<RankingRow> rows) {
    Map<String, List<OrderedGroups<Integer>>> rankings = new LinkedHashMap<>();
    for (RankingRow row : rows) {
      rankings
          .computeIfAbsent(row.promptHash() + row.completions(), key -> new ArrayList<>())
          .add(row.ranking());
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

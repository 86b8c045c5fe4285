package org.laurel.simulation.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.Training;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Divergence;
import org.laurel.engine.nn.Vectors;
import org.laurel.engine.run.Checkpoint;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.model.ModelDirectory;
import org.laurel.serving.Generation;
import org.laurel.serving.OnnxRollouts;
import org.laurel.tokenizer.Message;

/** The measurements of one seed, and what they have in common. */
final class SeedExperiment {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Answers of the reference to each unseen prompt: one to beat, the others for best of n. */
  private static final int REFERENCE_ANSWERS = 17;

  private final long seed;
  private final ModelDirectory starter;
  private final List<List<Message>> practice;
  private final List<List<Message>> unseen;
  private final LearningBench.Setting setting;
  private final Path directory;
  private final Answers reference;
  private final List<double[]> gold;
  private final NoisyVotes votes;
  private @Nullable PolicyQuality quality;

  /**
   * @param practice prompts to rank answers of and to train on
   * @param unseen prompts to judge by
   * @param home where the seed's folder is made
   */
  SeedExperiment(
      long seed,
      ModelDirectory starter,
      List<List<Message>> practice,
      List<List<Message>> unseen,
      LearningBench.Setting setting,
      Path home)
      throws IOException, InterruptedException {
    this.seed = seed;
    this.starter = starter;
    this.practice = practice;
    this.unseen = unseen;
    this.setting = setting;
    directory = Files.createDirectories(home.resolve("seed-" + seed));
    reference = Answers.draw(starter, unseen, REFERENCE_ANSWERS, 7_000_000 + seed);
    gold = reference.gold(setting.gold());
    votes = NoisyVotes.agreeing(gold, setting.agreement());
  }

  Map<String, Double> measure(String row) throws IOException, InterruptedException {
    return switch (row) {
      case "reward-few" -> reward(row, setting.fewPairs());
      case "reward-many" -> reward(row, setting.manyPairs());
      case "bon-4" -> quality().bestOf(4);
      case "bon-16" -> quality().bestOf(16);
      case "dpo", "ipo", "kto" -> direct(row);
      case "rejection" -> rejection();
      case LearningBench.SECOND_ROUND -> secondRound();
      default -> {
        String run = row.substring(0, row.indexOf('-'));
        int step = Integer.parseInt(row.substring(row.indexOf('-') + 1));
        List<Integer> steps = run.equals("ppo") ? setting.ppoSteps() : setting.overSteps();
        yield ppo(run, step, steps.get(steps.size() - 1));
      }
    };
  }

  private Map<String, Double> reward(String row, int pairs)
      throws IOException, InterruptedException {
    RunDirectory run = directory(row, "reward", null, overrides("reward"));
    run.write("rankings", voted(starter, pairs, 1_000_000 + seed).rankings());
    RunStatus status = train(run, RunListener.NONE);
    ModelDirectory model = ModelDirectory.open(run.artifact());
    Map<String, Double> figures =
        new LinkedHashMap<>(RewardQuality.of(votes, gold, reference.scores(model)));
    for (String key : List.of("log_loss", "ece", "accuracy")) {
      figures.put("held_out_" + key, status.metrics().getOrDefault(key, Double.NaN));
    }
    figures.put("training_rankings", status.metrics().get("training_rankings"));
    return figures;
  }

  /**
   * A reward model of the first one's votes and as many on answers of PPO's policy, as a project
   * keeps them, and how the two judge other answers of that policy.
   */
  private Map<String, Double> secondRound() throws IOException, InterruptedException {
    ModelDirectory policy = ModelDirectory.open(directory.resolve("ppo").resolve("artifact"));
    RunDirectory run = directory(LearningBench.SECOND_ROUND, "reward", null, overrides("reward"));
    run.write(
        "rankings",
        voted(starter, setting.fewPairs(), 1_000_000 + seed).rankings()
            + voted(policy, setting.fewPairs(), 2_000_000 + seed).rankings());
    train(run, RunListener.NONE);
    Answers answers = Answers.draw(policy, unseen, VotedAnswers.PER_RANKING, 8_000_000 + seed);
    List<double[]> score = answers.gold(setting.gold());
    Map<String, Double> figures = new LinkedHashMap<>();
    RewardQuality.of(votes, score, answers.scores(rewardModel()))
        .forEach((name, value) -> figures.put("first_" + name, value));
    RewardQuality.of(votes, score, answers.scores(ModelDirectory.open(run.artifact())))
        .forEach((name, value) -> figures.put("second_" + name, value));
    return figures;
  }

  private ModelDirectory rewardModel() {
    return ModelDirectory.open(directory.resolve("reward-few").resolve("artifact"));
  }

  /** Scores the reference's answers once in a process. */
  private PolicyQuality quality() {
    if (quality == null) {
      quality = new PolicyQuality(gold, reference.scores(rewardModel()));
    }
    return quality;
  }

  /** A policy from the votes of the smaller reward model: their rankings, or thumbs for KTO. */
  private Map<String, Double> direct(String kind) throws IOException, InterruptedException {
    RunDirectory run = directory(kind, kind, null, overrides(kind));
    VotedAnswers answers = voted(starter, setting.fewPairs(), 1_000_000 + seed);
    if (kind.equals("kto")) {
      run.write("thumbs", answers.thumbs());
    } else {
      run.write("rankings", answers.rankings());
    }
    RunStatus status = train(run, RunListener.NONE);
    Map<String, Double> figures = judge(ModelDirectory.open(run.artifact()));
    figures.put("held_out_accuracy", status.metrics().get("eval/rewards/accuracies"));
    return figures;
  }

  private Map<String, Double> rejection() throws IOException, InterruptedException {
    RunDirectory run =
        directory("rejection", "rejection", rewardModel().path(), overrides("rejection"));
    run.write("prompts", prompts());
    train(run, RunListener.NONE);
    return judge(ModelDirectory.open(run.artifact()));
  }

  /** Goes on with PPO up to a step, and looks at the policy there. */
  private Map<String, Double> ppo(String name, int step, int last)
      throws IOException, InterruptedException {
    ObjectNode settings = overrides("ppo").put("steps", last);
    if (name.equals("over")) {
      settings.put("klCoefficient", 0).put("adaptiveKl", false).put("klBudget", 1000);
    }
    Path path = directory.resolve(name);
    RunDirectory run =
        Files.exists(path)
            ? RunDirectory.at(path)
            : directory(name, "ppo", rewardModel().path(), settings);
    if (!run.has("prompts")) {
      run.write("prompts", prompts());
    }
    try {
      train(run, new StopAt(step));
      return judge(ModelDirectory.open(run.artifact()));
    } catch (RunStoppedException stopped) {
      Checkpoint checkpoint = run.checkpoints().latest().orElseThrow();
      Path look = directory.resolve(name + "-" + step);
      try (Decoder policy = Decoder.load(starter)) {
        Vectors.restore(checkpoint.tensors(), "policy", policy.parameters().values());
        ModelDirectory.writePolicy(
            look, policy.config(), policy.parameters().export(), starter.path());
      }
      return judge(ModelDirectory.open(look));
    }
  }

  private Map<String, Double> judge(ModelDirectory policy)
      throws IOException, InterruptedException {
    Answers answers = Answers.draw(policy, unseen, 1, 9_000_000 + seed);
    List<int[]> completions =
        answers.generations().stream().map(own -> own.get(0)).map(Generation::tokens).toList();
    double kl;
    try (Decoder moved = Decoder.load(policy);
        Decoder fixed = Decoder.load(starter)) {
      double sum = 0;
      for (double one : Divergence.kl(moved, fixed, answers.prompts(), completions)) {
        sum += one;
      }
      kl = sum / completions.size();
    }
    Map<String, Double> figures =
        quality().of(first(answers.gold(setting.gold())), first(answers.scores(rewardModel())), kl);
    figures.put("stop_rate", answers.stopRate());
    figures.put("length", answers.length());
    return figures;
  }

  private static double[] first(List<double[]> scores) {
    return scores.stream().mapToDouble(own -> own[0]).toArray();
  }

  private VotedAnswers voted(ModelDirectory policy, int pairs, long sampling)
      throws IOException, InterruptedException {
    return VotedAnswers.draw(policy, practice, pairs, sampling, setting.gold(), votes);
  }

  /** Rows of {@code prompts.jsonl}. */
  private String prompts() {
    StringBuilder lines = new StringBuilder();
    for (List<Message> prompt : practice) {
      ObjectNode line = JSON.createObjectNode();
      line.set("prompt", JSON.valueToTree(prompt));
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  private ObjectNode overrides(String kind) {
    JsonNode asked = setting.overrides().get(kind);
    return asked instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
  }

  private RunDirectory directory(
      String name, String kind, @Nullable Path rewardModel, JsonNode overrides) throws IOException {
    return RunDirectory.create(
        directory.resolve(name),
        new RunRequest(kind, seed, starter.path(), null, rewardModel, overrides));
  }

  private static RunStatus train(RunDirectory run, RunListener listener) throws IOException {
    Training.run(run, listener, OnnxRollouts::open);
    RunStatus status = run.status();
    if (status == null) {
      throw new IOException(run.path() + ": the run left no status");
    }
    return status;
  }

  /** Asks the run to stop once it has done so many steps. */
  private static final class StopAt implements RunListener {
    private final int step;
    private int done;

    StopAt(int step) {
      this.step = step;
    }

    @Override
    public void progress(int stepsDone, int totalSteps) {
      done = stepsDone;
    }

    @Override
    public boolean cancelRequested() {
      return done >= step;
    }
  }
}

package org.laurel.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.Training;
import org.laurel.engine.ppo.TimeSplit;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunRequest;
import org.laurel.engine.run.RunStatus;
import org.laurel.model.ModelDirectory;
import org.laurel.serving.Generation;
import org.laurel.serving.OnnxRollouts;
import org.laurel.serving.PolicySession;
import org.laurel.serving.SamplingParameters;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/**
 * A whole round without the web application: completions are sampled and ranked by simulated
 * annotators, a reward model learns from the rankings, PPO improves the policy, and the gold
 * preference judges the result on prompts that nobody ranked.
 */
public final class SimulatedRound {

  /**
   * @param gold hidden preference of all annotators
   * @param pairAccuracy of every annotator; the ceiling of the reward model's accuracy on held-out
   *     votes
   * @param annotators each with a seed of its own; rankings go to them in turn
   * @param perPrompt completions a ranking
   */
  public record Setting(
      GoldPreference gold, double pairAccuracy, int annotators, int perPrompt, long seed) {}

  /**
   * @param reward final figures of the reward model's run
   * @param ppo final figures of the PPO run
   * @param seconds by phase
   * @param ppoTime where the time of PPO went, if it did more than one step
   */
  public record Outcome(
      Evaluation evaluation,
      Map<String, Double> reward,
      Map<String, Double> ppo,
      Map<String, Double> seconds,
      Optional<TimeSplit> ppoTime) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ModelDirectory starter;
  private final Setting setting;
  private final Path home;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long phaseStart = System.nanoTime();

  /**
   * @param home where the run directories are made
   */
  public SimulatedRound(ModelDirectory starter, Setting setting, Path home) {
    this.starter = starter;
    this.setting = setting;
    this.home = home;
  }

  /**
   * @param ranked prompts whose completions are ranked, and on which PPO trains
   * @param unseen prompts for the evaluation
   * @param reward overrides of the reward model's hyperparameters; null for the defaults
   * @param ppo likewise
   */
  public Outcome run(
      List<List<Message>> ranked,
      List<List<Message>> unseen,
      @Nullable JsonNode reward,
      @Nullable JsonNode ppo)
      throws IOException, InterruptedException {
    List<List<String>> completions = sample(ranked);
    end("sample");
    RunDirectory rewardRun = directory("reward", null, reward);
    Files.write(rewardRun.data("rankings"), rankings(ranked, completions));
    RunStatus rewardStatus = train(rewardRun);
    end("reward");
    RunDirectory ppoRun = directory("ppo", rewardRun.artifact(), ppo);
    Files.write(
        ppoRun.data("prompts"),
        ranked.stream()
            .map(
                prompt ->
                    (CharSequence)
                        JSON.createObjectNode().set("prompt", messages(prompt)).toString())
            .toList());
    RunStatus ppoStatus = train(ppoRun);
    end("ppo");
    Evaluation evaluation =
        new Contest(setting.gold(), unseen, setting.seed() + 1000)
            .run(ModelDirectory.open(ppoRun.artifact()), starter);
    end("evaluate");
    return new Outcome(
        evaluation,
        rewardStatus.metrics(),
        ppoStatus.metrics(),
        seconds,
        TimeSplit.read(ppoRun.metrics()));
  }

  private List<List<String>> sample(List<List<Message>> prompts)
      throws IOException, InterruptedException {
    PromptEncoder encoder = PromptEncoder.read(starter.path(), starter.config().eosTokenId());
    List<int[]> rows = new ArrayList<>();
    for (List<Message> prompt : prompts) {
      for (int i = 0; i < setting.perPrompt(); i++) {
        rows.add(encoder.prompt(prompt));
      }
    }
    List<List<String>> completions = new ArrayList<>();
    try (PolicySession session = PolicySession.open(starter, PolicySession.Limits.standard())) {
      List<Generation> drawn =
          session.generate(
              rows,
              new SamplingParameters(
                  1,
                  0,
                  1,
                  0,
                  Contest.MAX_NEW_TOKENS,
                  Set.of(starter.config().eosTokenId()),
                  setting.seed()));
      for (int i = 0; i < drawn.size(); i += setting.perPrompt()) {
        completions.add(
            drawn.subList(i, i + setting.perPrompt()).stream()
                .map(generation -> encoder.tokenizer().decode(generation.text()))
                .toList());
      }
    }
    return completions;
  }

  private List<String> rankings(List<List<Message>> prompts, List<List<String>> completions) {
    List<SimulatedAnnotator> annotators = new ArrayList<>();
    for (int i = 0; i < setting.annotators(); i++) {
      annotators.add(
          new SimulatedAnnotator(
              setting.gold(), setting.pairAccuracy(), setting.seed() * 1000 + i));
    }
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int annotator = i % annotators.size();
      ObjectNode row = JSON.createObjectNode();
      row.set("prompt", messages(prompts.get(i)));
      row.set("completions", JSON.valueToTree(completions.get(i)));
      ArrayNode groups = row.putArray("groups");
      annotators
          .get(annotator)
          .rank(PromptFile.question(prompts.get(i)), completions.get(i))
          .forEach(index -> groups.addArray().add(index));
      row.put("annotator", "simulated " + annotator);
      rows.add(row.toString());
    }
    return rows;
  }

  private static JsonNode messages(List<Message> prompt) {
    return JSON.valueToTree(prompt);
  }

  private RunDirectory directory(
      String kind, @Nullable Path rewardModel, @Nullable JsonNode overrides) throws IOException {
    return RunDirectory.create(
        home.resolve(kind),
        new RunRequest(kind, setting.seed(), starter.path(), null, rewardModel, overrides));
  }

  private static RunStatus train(RunDirectory run) throws IOException {
    Training.run(run, RunListener.NONE, OnnxRollouts::open);
    RunStatus status = run.status();
    if (status == null) {
      throw new IOException(run.path() + ": the run left no status");
    }
    return status;
  }

  private void end(String phase) {
    long now = System.nanoTime();
    seconds.put(phase, (now - phaseStart) / 1e9);
    phaseStart = now;
  }
}

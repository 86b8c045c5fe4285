package org.laurel.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.laurel.simulation.GoldPreference;
import org.laurel.simulation.SimulatedRound;
import org.laurel.starter.StarterPrompts;
import org.laurel.tokenizer.Message;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a round: simulated rankings, reward model, PPO, evaluation by the gold preference. */
@Command(
    name = "round",
    mixinStandardHelpOptions = true,
    description = "Measure a whole round with simulated annotators, without the web application.")
public final class BenchRound implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--gold", defaultValue = "helpful", description = "helpful or concise.")
  private String gold = "helpful";

  @Option(names = "--seed", defaultValue = "1", description = "Of the whole round.")
  private long seed;

  @Option(names = "--rankings", defaultValue = "300", description = "Ranked prompts.")
  private int rankings;

  @Option(names = "--accuracy", defaultValue = "0.8", description = "Pair accuracy of annotators.")
  private double accuracy;

  @Option(names = "--annotators", defaultValue = "5", description = "Annotators, taking turns.")
  private int annotators;

  @Mixin private PolicyOption policy = new PolicyOption();

  @Option(names = "--reward", description = "Overrides of the reward model's settings, JSON.")
  private @Nullable String reward;

  @Option(names = "--ppo", description = "Overrides of PPO's settings, JSON.")
  private @Nullable String ppo;

  @Option(names = "--home", description = "Where run directories are made; a new one if absent.")
  private @Nullable Path home;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path runs = home == null ? Files.createTempDirectory("laurel-bench-round") : home;
    SimulatedRound.Outcome outcome =
        new SimulatedRound(
                policy.open(),
                new SimulatedRound.Setting(
                    GoldPreference.named(gold), accuracy, annotators, 4, seed),
                runs)
            .run(
                prompts(StarterPrompts.shipped()).subList(0, rankings),
                prompts(StarterPrompts.unseen(300)),
                json("--reward", reward),
                json("--ppo", ppo));
    PrintWriter out = spec.commandLine().getOut();
    out.println(Evaluate.text(outcome.evaluation()));
    out.println("reward  " + figures(outcome.reward(), 4) + "  ceiling " + accuracy);
    out.println("ppo     " + figures(outcome.ppo(), 4));
    out.println("seconds " + figures(outcome.seconds(), 0));
    outcome
        .ppoTime()
        .ifPresent(
            time ->
                out.println(
                    String.format(
                        Locale.ROOT,
                        "split   %s of %.2f s a step",
                        figures(time.shares(), 3),
                        time.secondsPerStep())));
    out.println(row(outcome));
    out.println("runs    " + runs);
    out.flush();
    return 0;
  }

  /** A line of the table in docs/experiments.md. */
  private String row(SimulatedRound.Outcome outcome) {
    var e = outcome.evaluation();
    double total = outcome.seconds().values().stream().mapToDouble(Double::doubleValue).sum();
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.1f %% (%.1f-%.1f) | %.2f | %.3f | %.1f | %s | %.0f s |",
        gold,
        seed,
        100 * e.winRate(),
        100 * e.interval().low(),
        100 * e.interval().high(),
        e.kl(),
        e.policy().stopRate(),
        e.policy().length(),
        figures(outcome.seconds(), 0),
        total);
  }

  private static String figures(Map<String, Double> figures, int decimals) {
    return figures.entrySet().stream()
        .map(
            entry ->
                String.format(
                    Locale.ROOT, "%s %." + decimals + "f", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static List<List<Message>> prompts(List<StarterPrompts.StarterPrompt> prompts) {
    return prompts.stream().map(prompt -> List.of(new Message("user", prompt.text()))).toList();
  }

  private static @Nullable JsonNode json(String option, @Nullable String text) throws IOException {
    try {
      return text == null ? null : new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException(option + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}

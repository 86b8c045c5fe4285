package org.laurel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.laurel.simulation.GoldPreference;
import org.laurel.simulation.learning.LearningBench;
import org.laurel.simulation.learning.LearningReport;
import org.laurel.starter.StarterPrompts;
import org.laurel.tokenizer.Message;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures whether learning works: reward models, best of n, DPO and PPO over several seeds. */
@Command(
    name = "learning",
    mixinStandardHelpOptions = true,
    description =
        "Measure reward models, best of n, DPO and PPO by a gold preference. Goes on where it was"
            + " interrupted; what was measured is kept in --home.")
public final class BenchLearning implements Callable<Integer> {

  private static final int UNSEEN = 300;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--home", required = true, description = "Where rows and runs are kept.")
  private Path home = Path.of("");

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "1,2,3,4,5",
      description = "Each a whole experiment.")
  private List<Long> seeds = List.of();

  @Option(
      names = "--rows",
      split = ",",
      description = "Only these, such as reward-few,bon-4,dpo,ppo-030; all if absent.")
  private List<String> rows = new ArrayList<>();

  @Option(
      names = "--minutes",
      defaultValue = "100000",
      description = "No row is begun after so many.")
  private double minutes;

  @Option(names = "--gold", defaultValue = "helpful", description = "helpful or concise.")
  private String gold = "helpful";

  @Option(
      names = "--agreement",
      defaultValue = "0.73",
      description = "Share of pairs that a vote orders as the gold preference does.")
  private double agreement;

  @Option(names = "--few", defaultValue = "5000", description = "Pairs of the smaller data set.")
  private int few;

  @Option(names = "--many", defaultValue = "20000", description = "Pairs of the larger one.")
  private int many;

  @Option(
      names = "--ppo-steps",
      split = ",",
      defaultValue = "10,20,30,40,50",
      description = "Steps of PPO after which its policy is looked at; the last one is its length.")
  private List<Integer> ppoSteps = List.of();

  @Option(
      names = "--over-steps",
      split = ",",
      defaultValue = "10,20,30,40,50,60",
      description = "Steps of PPO without a KL penalty after which its policy is looked at.")
  private List<Integer> overSteps = List.of();

  @Option(names = "--reward", description = "Overrides of the reward model's settings, JSON.")
  private String reward = "{}";

  @Option(names = "--dpo", description = "Overrides of DPO's settings, JSON.")
  private String dpo = "{}";

  @Option(names = "--ipo", description = "Overrides of IPO's settings, JSON.")
  private String ipo = "{}";

  @Option(names = "--kto", description = "Overrides of KTO's settings, JSON.")
  private String kto = "{}";

  @Option(names = "--rejection", description = "Overrides of rejection sampling's settings, JSON.")
  private String rejection = "{}";

  @Option(names = "--ppo", description = "Overrides of PPO's settings, JSON.")
  private String ppo = "{}";

  @Mixin private PolicyOption policy = new PolicyOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    LearningBench bench =
        new LearningBench(
            policy.openKept(home.resolve("starter")),
            prompts(StarterPrompts.shipped()),
            prompts(StarterPrompts.unseen(UNSEEN)),
            new LearningBench.Setting(
                GoldPreference.named(gold),
                agreement,
                few,
                many,
                ppoSteps,
                overSteps,
                Map.of(
                    "reward", json(reward),
                    "dpo", json(dpo),
                    "ipo", json(ipo),
                    "kto", json(kto),
                    "rejection", json(rejection),
                    "ppo", json(ppo)),
                minutes),
            home,
            line -> {
              out.println(line);
              out.flush();
            });
    List<String> wanted = rows.isEmpty() ? bench.rows() : rows;
    for (long seed : seeds) {
      bench.run(seed, wanted);
    }
    LearningReport report = new LearningReport(bench, seeds);
    out.println(report.tables());
    report.plots(home.resolve("plots")).forEach(out::println);
    out.flush();
    return 0;
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static List<List<Message>> prompts(List<StarterPrompts.StarterPrompt> prompts) {
    return prompts.stream().map(prompt -> List.of(new Message("user", prompt.text()))).toList();
  }
}

package org.laurel.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.laurel.model.ModelDirectory;
import org.laurel.simulation.Contest;
import org.laurel.simulation.Evaluation;
import org.laurel.simulation.GoldPreference;
import org.laurel.simulation.PromptFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds one policy against another, judged without noise by a gold preference. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Gold win rate, KL, length and stop-token rate of one policy against another.")
public final class Evaluate implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--policy", required = true, description = "Directory of the policy.")
  private Path policy = Path.of("");

  @Option(names = "--against", required = true, description = "Directory of the other policy.")
  private Path against = Path.of("");

  @Option(names = "--gold", defaultValue = "helpful", description = "helpful or concise.")
  private String gold = "helpful";

  @Option(
      names = "--prompts",
      required = true,
      description = "NDJSON, {\"prompt\": text or messages} a line.")
  private Path prompts = Path.of("");

  @Option(names = "--seed", defaultValue = "1", description = "Of the sampled completions.")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Evaluation evaluation =
        new Contest(GoldPreference.named(gold), PromptFile.read(prompts), seed)
            .run(ModelDirectory.open(policy), ModelDirectory.open(against));
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? new ObjectMapper().writeValueAsString(evaluation) : text(evaluation));
    out.flush();
    return 0;
  }

  static String text(Evaluation e) {
    return String.format(
        Locale.ROOT,
        """
        gold win rate    %5.1f %%  (95%% interval %.1f to %.1f, %d prompts, preference %s)
        KL per completion %6.2f nats
                          policy   against
        gold score       %7.2f   %7.2f
        length (tokens)  %7.1f   %7.1f
        stop-token rate  %7.3f   %7.3f""",
        100 * e.winRate(),
        100 * e.interval().low(),
        100 * e.interval().high(),
        e.prompts(),
        e.gold(),
        e.kl(),
        e.policy().score(),
        e.against().score(),
        e.policy().length(),
        e.against().length(),
        e.policy().stopRate(),
        e.against().stopRate());
  }
}

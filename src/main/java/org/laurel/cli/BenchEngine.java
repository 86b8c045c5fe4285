package org.laurel.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.nn.Device;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Ranks;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.sft.TrainingSpeed;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Training tokens a second, against the peak of the matrix product on the same machine. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = "Tokens a second of training, and the share of the matrix product's peak.")
public final class BenchEngine implements Callable<Integer> {
  /** Size of the starter policy. */
  private static final ModelConfig STARTER =
      new ModelConfig("llama", 3072, 256, 704, 4, 4, 2, 64, 512, 1e-5, 10_000, true, null, 1, 0);

  @Option(
      names = "--policy",
      description = "Model directory whose size to measure; default: the starter policy's size.")
  private @Nullable Path policy;

  @Option(
      names = "--batch-tokens",
      defaultValue = "4096",
      description = "Default: ${DEFAULT-VALUE}")
  private int batchTokens;

  @Option(
      names = "--length",
      defaultValue = "96",
      description = "Tokens of a sequence: ${DEFAULT-VALUE}")
  private int length;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "For each precision: ${DEFAULT-VALUE}")
  private double seconds;

  @Option(names = "--threads", description = "Default: one a processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Threads.use(threads);
    ModelConfig config = policy == null ? STARTER : ModelDirectory.open(policy).config();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%.1f M weights, %d tokens a step, sequences of about %d, %d threads in %d ranks, %s%n",
        config.parameterCount() / 1e6,
        batchTokens,
        length,
        threads,
        Ranks.count(config.parameterCount()),
        Device.name());
    out.println("precision  tokens/s  (best)  GFLOP/s  product's peak  of peak  (best)");
    for (Precision precision : Precision.values()) {
      TrainingSpeed speed = TrainingSpeed.measure(config, precision, batchTokens, length, seconds);
      out.printf(
          "%-9s  %8.0f  %6.0f  %7.0f  %14.0f  %6.0f%%  %5.0f%%%n",
          precision.name().toLowerCase(Locale.ROOT),
          speed.tokensPerSecond(),
          speed.bestTokensPerSecond(),
          speed.tokensPerSecond() * speed.flopsPerToken() / 1e9,
          speed.peakFlops() / 1e9,
          100 * speed.ofPeak(),
          100 * speed.bestOfPeak());
      out.flush();
    }
    return 0;
  }
}

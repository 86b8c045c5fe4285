package org.laurel.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.sft.TrainingSpeed;
import org.laurel.model.ModelConfig;
import org.laurel.simulation.learning.Plot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How the cost of training grows with weights, with tokens of a batch and of a sequence. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    description = "Seconds of training as weights, batch and length grow: tables and plots.")
public final class BenchGrowth implements Callable<Integer> {

  private static final int BATCH = 4096;
  private static final int LENGTH = 96;

  /** Width, layers, feed-forward width and vocabulary; heads are 64 wide. */
  private static final int[][] SIZES = {
    {128, 4, 352, 3072}, {256, 4, 704, 3072}, {384, 6, 1056, 4096}, {512, 8, 1408, 8192}
  };

  private static final int STARTER = 1;
  private static final int[] BATCHES = {512, 1024, 2048, 4096, 8192};
  private static final int[] LENGTHS = {32, 64, 128, 256, 512};

  @Option(names = "--out", required = true, description = "Folder for the plots.")
  private Path out = Path.of("");

  @Option(names = "--seconds", defaultValue = "6", description = "For each point: ${DEFAULT-VALUE}")
  private double seconds;

  @Option(names = "--threads", description = "Default: one a processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--precision",
      defaultValue = "BFLOAT16",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private Precision precision = Precision.BFLOAT16;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    Threads.use(threads);
    Files.createDirectories(out);
    List<Point> weights = new ArrayList<>();
    for (int[] size : SIZES) {
      ModelConfig config = config(size);
      weights.add(measure(config.parameterCount() / 1e6, config, BATCH, LENGTH));
    }
    write("weights", "millions of weights", "microseconds a token", weights, Point::perToken);
    List<Point> batches = new ArrayList<>();
    for (int batch : BATCHES) {
      batches.add(measure(batch, config(SIZES[STARTER]), batch, LENGTH));
    }
    write("batch", "tokens of a batch", "milliseconds a step", batches, Point::perStep);
    List<Point> lengths = new ArrayList<>();
    for (int length : LENGTHS) {
      lengths.add(measure(length, config(SIZES[STARTER]), BATCH, length));
    }
    write("length", "tokens of a sequence", "microseconds a token", lengths, Point::perToken);
    return 0;
  }

  /**
   * @param at what grows
   */
  private record Point(double at, int batchTokens, TrainingSpeed speed) {
    double perToken() {
      return 1e6 / speed.tokensPerSecond();
    }

    double perStep() {
      return 1e3 * batchTokens / speed.tokensPerSecond();
    }
  }

  private Point measure(double at, ModelConfig config, int batchTokens, int length) {
    return new Point(
        at, batchTokens, TrainingSpeed.measure(config, precision, batchTokens, length, seconds));
  }

  private interface Cost {
    double of(Point point);
  }

  private void write(String name, String what, String unit, List<Point> points, Cost cost)
      throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        "| %s | %s | tokens/s | of the product's peak |%n|---|---|---|---|%n", what, unit);
    for (Point point : points) {
      console.printf(
          "| %.1f | %.1f | %.0f | %.0f%% |%n",
          point.at(),
          cost.of(point),
          point.speed().tokensPerSecond(),
          100 * point.speed().ofPeak());
    }
    Plot plot = new Plot("Training: " + unit + " by " + what, what, unit);
    plot.line("measured", points.stream().map(p -> new Plot.Point(p.at(), cost.of(p))).toList());
    console.println(Files.writeString(out.resolve("growth-" + name + ".svg"), plot.svg()));
    console.flush();
  }

  private static ModelConfig config(int[] size) {
    int heads = size[0] / 64;
    return new ModelConfig(
        "llama", size[3], size[0], size[2], size[1], heads, heads / 2, 64, 512, 1e-5, 10_000, true,
        null, 1, 0);
  }
}

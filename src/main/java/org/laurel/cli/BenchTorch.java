package org.laurel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.laurel.engine.nn.Decoder;
import org.laurel.engine.nn.Precision;
import org.laurel.engine.nn.Threads;
import org.laurel.engine.sft.SftExample;
import org.laurel.engine.sft.TrainingSpeed;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Training steps beside those of PyTorch for Python, same weights, tokens and optimiser: whether
 * both find the same loss, and how fast. Models of the plain Llama layout only.
 */
@Command(
    name = "torch",
    mixinStandardHelpOptions = true,
    description = "Compare training steps with PyTorch for Python, where that is installed.")
public final class BenchTorch implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Losses in bfloat16 are summed in another order. */
  private static final double SAME_LOSS = 5e-3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PolicyOption policy = new PolicyOption();

  @Option(
      names = "--python",
      defaultValue = "python3",
      description = "A Python that can import torch (Debian: python3-torch).")
  private String python = "python3";

  @Option(names = "--rows", defaultValue = "40", description = "Sequences of a step.")
  private int rows;

  @Option(names = "--length", defaultValue = "96", description = "Tokens of a sequence.")
  private int length;

  @Option(names = "--seconds", defaultValue = "10", description = "For each of the two.")
  private double seconds;

  @Option(names = "--threads", description = "Default: one a processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Threads.use(threads);
    ModelDirectory directory = policy.open();
    ModelConfig config = directory.config();
    List<int[]> tokens = tokens(config);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%.1fM weights, %d sequences of %d tokens a step, %d threads%n",
        config.parameterCount() / 1e6,
        rows,
        length,
        threads);
    out.println(
        "| precision | Laurel, tokens/s | PyTorch, tokens/s | ratio | Laurel's loss | PyTorch's |");
    out.println("|---|---|---|---|---|---|");
    boolean same = true;
    for (Precision precision : Precision.values()) {
      JsonNode other = torch(directory, tokens, precision);
      TrainingSpeed.Steps own = own(directory, tokens, precision);
      double speed = other.path("tokensPerSecond").asDouble();
      double loss = other.path("loss").asDouble();
      same &= Math.abs(loss - own.firstLoss()) < SAME_LOSS * loss;
      out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f (%s) | %.2f | %.4f | %.4f |%n",
          precision.name().toLowerCase(Locale.ROOT),
          own.tokensPerSecond(),
          speed,
          other.path("version").asText(),
          own.tokensPerSecond() / speed,
          own.firstLoss(),
          loss);
      out.flush();
    }
    return same ? 0 : 1;
  }

  private List<int[]> tokens(ModelConfig config) {
    Random random = new Random(1);
    int[][] tokens = new int[rows][];
    Arrays.setAll(tokens, row -> random.ints(length, 0, config.vocabSize()).toArray());
    return List.of(tokens);
  }

  private TrainingSpeed.Steps own(
      ModelDirectory directory, List<int[]> tokens, Precision precision) {
    try (Decoder decoder = Decoder.load(directory)) {
      List<SftExample> examples = tokens.stream().map(SftExample::whole).toList();
      return TrainingSpeed.steps(decoder, examples, precision, rows * length, seconds);
    }
  }

  private JsonNode torch(ModelDirectory directory, List<int[]> tokens, Precision precision)
      throws IOException, InterruptedException {
    ObjectNode question = JSON.createObjectNode();
    question.set("config", JSON.readTree(directory.path().resolve("config.json").toFile()));
    question.put(
        "weights", directory.path().resolve("model.safetensors").toAbsolutePath().toString());
    question.set("rows", JSON.valueToTree(tokens));
    question.put("precision", precision.name().toLowerCase(Locale.ROOT));
    question.put("threads", threads);
    question.put("seconds", seconds);
    Path script = Files.createTempFile("laurel-bench", ".py");
    try {
      Files.writeString(script, script());
      return OtherProgram.ask(
          question,
          python + " failed; it needs the package torch (python3-torch)",
          python,
          script.toString());
    } finally {
      Files.delete(script);
    }
  }

  private static String script() throws IOException {
    try (InputStream source = BenchTorch.class.getResourceAsStream("/bench/torch_llama.py")) {
      if (source == null) {
        throw new IOException("this build lacks bench/torch_llama.py");
      }
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

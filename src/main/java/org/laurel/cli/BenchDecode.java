package org.laurel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.WeightPrecision;
import org.laurel.serving.DecodingSpeed;
import org.laurel.serving.PolicySession;
import org.laurel.serving.QuantizationCost;
import org.laurel.tokenizer.PromptEncoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how fast a policy writes beside what this machine's memory and processors allow. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = "Measure decoding against this machine's memory and processors.")
public final class BenchDecode implements Callable<Integer> {

  private static final int ANSWER_TOKENS = 64;
  private static final String SHIPPED = "/starter-prompts/everyday.ndjson";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PolicyOption policy = new PolicyOption();

  @Option(names = "--rows", split = ",", defaultValue = "1,8,32,64", description = "Batch sizes.")
  private List<Integer> rows = List.of();

  @Option(names = "--prompt", defaultValue = "32", description = "Tokens of each prompt.")
  private int promptTokens;

  @Option(names = "--new", defaultValue = "64", description = "New tokens of each row, 2 or more.")
  private int newTokens;

  @Option(names = "--repeats", defaultValue = "3", description = "The best of these counts.")
  private int repeats;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      description =
          "Weights: float32 or int8 (${DEFAULT-VALUE}); int8 is compared with float32 on shipped"
              + " prompts.")
  private String precision = "float32";

  @Option(
      names = "--compare",
      paramLabel = "PROMPTS",
      defaultValue = "64",
      description = "Of the 384 shipped prompts, compare on so many (${DEFAULT-VALUE}).")
  private int compared;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    WeightPrecision weights = WeightPrecision.of(precision);
    ModelDirectory directory = policy.open();
    PolicySession.Limits limits = PolicySession.Limits.standard().withPrecision(weights);
    double bandwidth = DecodingSpeed.memoryBandwidth();
    double flops = DecodingSpeed.matrixFlops();
    try (PolicySession session = PolicySession.open(directory, limits)) {
      out.printf(
          Locale.ROOT,
          "%.1fM weights in %s; memory %.1f GB/s, products %.0f GFLOP/s%n",
          session.config().parameterCount() / 1e6,
          precision,
          bandwidth / 1e9,
          flops / 1e9);
      out.println("| rows | tokens/s | step | least step | share |");
      out.println("|---|---|---|---|---|");
      DecodingSpeed speed = new DecodingSpeed(session, promptTokens, newTokens, repeats);
      for (int batch : rows) {
        DecodingSpeed.Speed measured = speed.measure(batch, bandwidth, flops);
        out.printf(
            Locale.ROOT,
            "| %d | %.0f | %.2f ms | %.2f ms | %.0f %% |%n",
            batch,
            measured.tokensPerSecond(),
            1e3 * measured.stepSeconds(),
            1e3 * measured.roofSeconds(),
            100 * measured.shareOfRoof());
        out.flush();
      }
    }
    if (weights != WeightPrecision.FLOAT32) {
      compare(directory, weights);
    }
    return 0;
  }

  private void compare(ModelDirectory directory, WeightPrecision weights) throws IOException {
    PromptEncoder encoder = PromptEncoder.read(directory.path(), directory.config().eosTokenId());
    int context = directory.config().maxPositionEmbeddings();
    List<int[]> prompts =
        shippedPrompts().stream()
            .map(encoder::prompt)
            .filter(prompt -> prompt.length < context)
            .limit(compared)
            .toList();
    if (prompts.isEmpty()) {
      return;
    }
    QuantizationCost cost =
        QuantizationCost.measure(
            directory,
            weights,
            prompts,
            ANSWER_TOKENS,
            Runtime.getRuntime().availableProcessors(),
            new Progress(spec.commandLine().getErr(), prompts.size()));
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "against float32 along its greedy answers to %d shipped prompts (%d tokens): mean KL %.3g"
            + " nats a token, the same likeliest token %.2f %%, %d answers the same to the end%n",
        cost.answers(),
        cost.tokens(),
        cost.meanKl(),
        100 * cost.agreement(),
        cost.sameAnswers());
    out.flush();
  }

  /** Says how far the comparison is: at the first prompt, so that one knows what to wait for. */
  private record Progress(PrintWriter err, int prompts) implements IntConsumer {
    @Override
    public void accept(int done) {
      if (done == 1 || done % 16 == 0 || done == prompts) {
        err.printf("compared on %d of %d prompts%n", done, prompts);
        err.flush();
      }
    }
  }

  private static List<String> shippedPrompts() throws IOException {
    List<String> prompts = new ArrayList<>();
    try (InputStream file = BenchDecode.class.getResourceAsStream(SHIPPED);
        MappingIterator<JsonNode> lines =
            new ObjectMapper().readerFor(JsonNode.class).readValues(Objects.requireNonNull(file))) {
      while (lines.hasNext()) {
        prompts.add(lines.next().path("prompt").asText());
      }
    }
    return prompts;
  }
}

package org.laurel.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;
import org.laurel.serving.Generation;
import org.laurel.serving.PolicySession;
import org.laurel.serving.SamplingParameters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The exported {@code onnx/model.onnx} in transformers.js beside Laurel's own serving of the same
 * weights: whether both write the same tokens greedily, and how fast.
 */
@Command(
    name = "transformers",
    mixinStandardHelpOptions = true,
    description = "Compare with transformers.js: equal greedy tokens, and tokens a second.")
public final class BenchTransformers implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PolicyOption policy = new PolicyOption();

  @Option(
      names = "--package",
      description = "Folder with node_modules/@huggingface/transformers.",
      defaultValue = ".")
  private Path installed = Path.of("");

  @Option(names = "--node", description = "The Node program.", defaultValue = "node")
  private String node = "node";

  @Option(names = "--rows", split = ",", defaultValue = "1,8,32", description = "Batch sizes.")
  private List<Integer> rows = List.of();

  @Option(names = "--prompt", defaultValue = "32", description = "Tokens of each prompt.")
  private int promptTokens;

  @Option(names = "--new", defaultValue = "64", description = "New tokens of each row.")
  private int newTokens;

  @Option(names = "--repeats", defaultValue = "3", description = "The best of these counts.")
  private int repeats;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("laurel-bench");
    try {
      TransformersJs transformers = TransformersJs.find(node, folder, installed);
      return compare(transformers, exported(policy.open().path(), folder));
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  /** The policy, or a copy of it with its graph where it has none yet. */
  private static Path exported(Path policy, Path folder) throws IOException {
    if (Files.exists(policy.resolve("onnx/model.onnx"))) {
      return policy;
    }
    Path copy = Files.createDirectory(folder.resolve("policy"));
    try (Stream<Path> files = Files.list(policy)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.toFile().getName()));
      }
    }
    OnnxExport.write(ModelDirectory.open(copy));
    return copy;
  }

  private int compare(TransformersJs transformers, Path model)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    boolean same = true;
    try (PolicySession session =
        PolicySession.open(ModelDirectory.open(model), PolicySession.Limits.standard())) {
      ModelConfig config = session.config();
      out.printf(
          Locale.ROOT,
          "%s, %.1fM weights, %d prompt tokens, %d new ones, best of %d after one to warm up%n",
          config.modelType(),
          config.parameterCount() / 1e6,
          promptTokens,
          newTokens,
          repeats);
      out.println("| rows | Laurel, tokens/s | transformers.js, tokens/s | ratio | tokens |");
      out.println("|---|---|---|---|---|");
      for (int batch : rows) {
        List<int[]> prompts = prompts(config, batch);
        Own own = own(session, prompts);
        TransformersJs.Answer other = transformers.continued(model, prompts, newTokens, repeats);
        int equal = equalRows(own.tokens(), other.tokens());
        same &= equal == batch;
        double count = (double) batch * newTokens;
        out.printf(
            Locale.ROOT,
            "| %d | %.0f | %.0f | %.2f | %d of %d rows equal |%n",
            batch,
            count / own.seconds(),
            count / other.seconds(),
            other.seconds() / own.seconds(),
            equal,
            batch);
        out.flush();
      }
    }
    return same ? 0 : 1;
  }

  private record Own(double seconds, List<int[]> tokens) {}

  private Own own(PolicySession session, List<int[]> prompts) throws InterruptedException {
    SamplingParameters greedy = new SamplingParameters(0, 0, 1, 0, newTokens, Set.of(), 0);
    double best = Double.POSITIVE_INFINITY;
    List<Generation> written = List.of();
    for (int i = 0; i <= repeats; i++) {
      long start = System.nanoTime();
      written = session.generate(prompts, greedy);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return new Own(best, written.stream().map(Generation::tokens).toList());
  }

  private List<int[]> prompts(ModelConfig config, int count) {
    Random random = new Random(count);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(random.ints(promptTokens, 0, config.vocabSize()).toArray());
    }
    return prompts;
  }

  private static int equalRows(List<int[]> one, List<int[]> other) {
    int equal = 0;
    for (int i = 0; i < one.size(); i++) {
      equal += i < other.size() && Arrays.equals(one.get(i), other.get(i)) ? 1 : 0;
    }
    return equal;
  }
}

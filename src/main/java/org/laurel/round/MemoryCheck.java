package org.laurel.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.laurel.artifact.Artifacts;
import org.laurel.engine.MemoryNeed;
import org.laurel.engine.reward.Backbone;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;
import org.laurel.policy.PolicyVersion;
import org.laurel.prompt.Prompt;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.PromptEncoder;
import org.laurel.web.Problem;

/** Whether the trainings of a round fit into this machine's memory, before any of them starts. */
@ApplicationScoped
class MemoryCheck {
  /** Left to the server and its database where nobody says how much a training may take. */
  private static final long SERVER = 1L << 30;

  /** Smaller micro-batches cost more time than they save memory. */
  private static final int LEAST_MICRO_BATCH = 256;

  private static final String MICRO_BATCH = "microBatchTokens";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the steps of a round are launched with.
   *
   * @param settings those that were asked for, and smaller micro-batches where only they fit
   * @param bytes that each step takes at its peak
   */
  record Fit(Map<String, Map<String, Object>> settings, Map<String, Long> bytes) {}

  /** Of the prompts, the longest. */
  private static final int LOOKED_AT = 50;

  private final Artifacts artifacts;
  private final long limit;
  private final long heap;

  @Inject
  MemoryCheck(
      Artifacts artifacts,
      @ConfigProperty(name = "laurel.training.memory") Optional<MemorySize> limit,
      @ConfigProperty(name = "laurel.training.heap", defaultValue = "1536m") MemorySize heap) {
    this.artifacts = artifacts;
    this.heap = heap.asLongValue();
    this.limit = limit.map(size -> size.asLongValue()).orElseGet(() -> total() - SERVER);
  }

  private static long total() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /**
   * How each step fits into memory. Micro-batches that nobody asked for are made smaller where that
   * is what it takes: it changes no result but for rounding. What cannot be foretold is left as it
   * is, as where the policy's files are not there.
   *
   * @throws Problem 422 if a step takes more than there is
   */
  Fit fit(
      UUID project,
      PolicyVersion policy,
      List<String> steps,
      Map<String, Map<String, Object>> settings) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    Optional<ModelDirectory> files = PolicyFiles.of(policy, artifacts);
    if (files.isEmpty()) {
      return new Fit(settings, bytes);
    }
    ModelConfig config = files.get().config();
    requireHeap(config);
    int longestPrompt =
        steps.stream().anyMatch(step -> StepKind.of(step).learnsFrom() == StepKind.Data.PROMPTS)
            ? longestPrompt(project, files.get())
            : 0;
    Map<String, Map<String, Object>> fitting = new LinkedHashMap<>(settings);
    for (String step : steps) {
      Map<String, Object> own = settings.getOrDefault(step, Map.of());
      // an encoder's training does not depend on the policy's size
      if (!Backbone.MINILM.key().equals(own.get("backbone"))) {
        Map<String, Object> smaller =
            fitting(own, StepKind.of(step), tried -> need(step, config, tried, longestPrompt));
        long need = need(step, config, smaller, longestPrompt);
        requireRoom(step, need, own.containsKey(MICRO_BATCH));
        bytes.put(step, need);
        if (!smaller.equals(own)) {
          fitting.put(step, smaller);
        }
      }
    }
    return new Fit(fitting, bytes);
  }

  private static long need(
      String step, ModelConfig config, Map<String, Object> settings, int longestPrompt) {
    return MemoryNeed.of(step, config, JSON.valueToTree(settings), longestPrompt).bytes();
  }

  /** The settings, or with the largest micro-batch that fits if they name none. */
  private Map<String, Object> fitting(
      Map<String, Object> settings, StepKind kind, ToLongFunction<Map<String, Object>> need) {
    Map<String, Object> tried = settings;
    int tokens = JSON.valueToTree(kind.defaults()).path(MICRO_BATCH).asInt();
    while (!settings.containsKey(MICRO_BATCH)
        && need.applyAsLong(tried) > limit
        && tokens / 2 >= LEAST_MICRO_BATCH) {
      tokens /= 2;
      tried = new LinkedHashMap<>(settings);
      tried.put(MICRO_BATCH, tokens);
    }
    return tried;
  }

  private void requireHeap(ModelConfig config) {
    long needed = MemoryNeed.heap(config);
    if (needed > heap) {
      throw Problem.invalid(
              "a policy of such wide layers needs laurel.training.heap to be %d MB, not %d MB"
                  .formatted(needed >> 20, heap >> 20))
          .error("policy", "is too large for laurel.training.heap");
    }
  }

  private void requireRoom(String step, long bytes, boolean asked) {
    if (bytes > limit) {
      String message =
          "%s needs about %s of memory, and a training may take %s here"
              .formatted(step, gigabytes(bytes), gigabytes(limit));
      throw Problem.invalid(message)
          .error(step, "start from a smaller policy" + (asked ? ", or lower " + MICRO_BATCH : ""));
    }
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }

  /**
   * Tokens of the longest prompt that a training would use, as far as the prompts of the most
   * characters tell; those that do not fit into the policy's context are left out of it.
   */
  private static int longestPrompt(UUID project, ModelDirectory policy) {
    try {
      PromptEncoder encoder = PromptEncoder.read(policy.path(), policy.config().eosTokenId());
      int context = policy.config().maxPositionEmbeddings();
      return Prompt.longest(project, LOOKED_AT).stream()
          .mapToInt(prompt -> tokens(prompt, encoder))
          .filter(tokens -> tokens < context)
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int tokens(Prompt prompt, PromptEncoder encoder) {
    try {
      return encoder.prompt(prompt.messages).length;
    } catch (ChatTemplate.Refusal e) {
      return 0; // nor will it be sampled for
    }
  }
}

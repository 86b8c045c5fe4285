package org.laurel.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToIntFunction;
import org.laurel.device.RanksChoice;
import org.laurel.engine.dpo.DpoHyperparameters;
import org.laurel.engine.dpo.KtoHyperparameters;
import org.laurel.engine.ppo.PpoHyperparameters;
import org.laurel.engine.rejection.RejectionHyperparameters;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.sft.SftHyperparameters;
import org.laurel.model.ModelConfig;

/**
 * The memory that a training process takes at its peak, added up from what the trainers allocate
 * before any of it is. Compared with measured peaks in docs/experiments.md, all of them on the
 * processor: where a GPU trains, most of it lies there instead.
 *
 * @param kept bytes by what they are for, held as long as the process trains
 * @param step likewise, held while a micro-batch goes through the networks
 */
public record MemoryNeed(Map<String, Long> kept, Map<String, Long> step) {
  private static final long MIB = 1 << 20;

  /** A JVM with libtorch and ONNX Runtime loaded and nothing done, measured. */
  private static final long PROCESS = 420 * MIB;

  /** Java's own heap beyond that: rows and tokens. */
  private static final long HEAP = 200 * MIB;

  private static final int FLOAT = Float.BYTES;

  /** Rows that the loss takes from hidden state to gradient at a time. */
  private static final long LOSS_ROWS = 512;

  public MemoryNeed {
    kept = Map.copyOf(kept);
    step = Map.copyOf(step);
  }

  /** At the peak. */
  public long bytes() {
    return sum(kept) + sum(step);
  }

  /**
   * Bytes that a training needs of Java's heap: weights go through it one at a time, on their way
   * from and to files of another layout or type.
   */
  public static long heap(ModelConfig config) {
    long largest =
        (long) config.hiddenSize() * Math.max(config.vocabSize(), config.intermediateSize());
    return HEAP + 2 * FLOAT * largest;
  }

  private static long sum(Map<String, Long> parts) {
    return parts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * @param kind of the run, as in {@code run.json}
   * @param config of the policy; a reward model of the run has its size
   * @param overrides hyperparameters that differ from the kind's defaults
   * @param longestPrompt tokens of the longest that completions are sampled for; matters to the
   *     kinds that sample
   * @throws IllegalArgumentException if there is no such kind or hyperparameter
   */
  public static MemoryNeed of(
      String kind, ModelConfig config, JsonNode overrides, int longestPrompt) {
    RanksChoice ranks = RanksChoice.ofEnvironment();
    int processors = Runtime.getRuntime().availableProcessors();
    return of(kind, config, overrides, longestPrompt, weights -> ranks.count(weights, processors));
  }

  /**
   * @param ranks by the number of weights that are trained
   */
  static MemoryNeed of(
      String kind,
      ModelConfig config,
      JsonNode overrides,
      int longestPrompt,
      LongToIntFunction ranks) {
    Sum sum = new Sum(config, overrides, ranks);
    switch (kind) {
      case "sft" -> {
        SftHyperparameters h = Hyperparameters.read(overrides, SftHyperparameters.DEFAULT);
        sum.trained("policy");
        sum.mapped(1);
        sum.activations(sum.share(h.batchTokens(), h.microBatchTokens()), h.maxLength());
        sum.stretchedLoss();
      }
      case "reward" -> {
        RewardHyperparameters h = Hyperparameters.read(overrides, RewardHyperparameters.defaults());
        sum.trained("reward model");
        sum.mapped(1);
        sum.copy("best state");
        sum.copy("mean state");
        sum.activations(h.microBatchTokens(), h.maxTokens());
        sum.gaps();
      }
      case "dpo", "ipo" -> {
        DpoHyperparameters h = Hyperparameters.read(overrides, DpoHyperparameters.dpo());
        sum.direct(h.microBatchTokens(), h.maxTokens());
      }
      case "kto" -> {
        KtoHyperparameters h = Hyperparameters.read(overrides, KtoHyperparameters.defaults());
        sum.direct(h.microBatchTokens(), h.maxTokens());
      }
      case "rejection" -> {
        RejectionHyperparameters h =
            Hyperparameters.read(overrides, RejectionHyperparameters.defaults());
        sum.trained("policy");
        sum.mapped(1);
        sum.activations(
            sum.share(h.batchTokens(), h.microBatchTokens()), longestPrompt + h.maxNewTokens());
        sum.stretchedLoss();
      }
      case "ppo" ->
          ppo(sum, Hyperparameters.read(overrides, PpoHyperparameters.defaults()), longestPrompt);
      default -> throw new IllegalArgumentException("there is no kind '" + kind + "'");
    }
    return new MemoryNeed(sum.kept, sum.step);
  }

  private static void ppo(Sum sum, PpoHyperparameters h, int longestPrompt) {
    sum.trained(h.separateValueNetwork() ? List.of("policy", "value network") : List.of("policy"));
    sum.fixed("reference");
    sum.fixed("reward model");
    sum.copyOfPolicy("weights within the budget");
    if (h.heldOutPrompts() > 0) {
      sum.copyOfPolicy("weights that scored best");
    }
    sum.served();
    sum.mapped(4);
    int networks = h.separateValueNetwork() ? 2 : 1;
    for (int i = 0; i < networks; i++) {
      sum.activations(h.microBatchTokens(), longestPrompt + h.maxNewTokens());
    }
    sum.wholeDistributions(h.microBatchTokens());
  }

  /** Adds up a run with decoders of one size. */
  private static final class Sum {
    private final ModelConfig config;
    private final long weights;
    private final boolean adapters;
    private final LongToIntFunction ranksByWeights;
    private final boolean recompute;
    private final Map<String, Long> kept = new LinkedHashMap<>();
    private final Map<String, Long> step = new LinkedHashMap<>();

    private int ranks = 1;

    Sum(ModelConfig config, JsonNode overrides, LongToIntFunction ranksByWeights) {
      this.config = config;
      this.ranksByWeights = ranksByWeights;
      // both off by default in every kind that knows them
      adapters = overrides.path("loraRank").asInt(0) > 0;
      recompute = overrides.path("recompute").asBoolean(false);
      weights = FLOAT * config.parameterCount();
      keep("process", PROCESS);
      keep("heap", heap(config));
    }

    private void keep(String name, long bytes) {
      kept.merge(name, bytes, Long::sum);
    }

    private void passing(String name, long bytes) {
      step.merge(name, bytes, Long::sum);
    }

    /** Files of weights that were read count as long as they are mapped. */
    void mapped(int files) {
      keep("mapped files", files * weights);
    }

    void trained(String name) {
      trained(List.of(name));
    }

    /** Weights, gradients and the two moments of Adam; adapters' own are too few to count. */
    void trained(List<String> names) {
      names.forEach(this::fixed);
      long whole = names.stream().filter(name -> !adapters || !name.equals("policy")).count();
      keep("gradients", whole * weights);
      keep("Adam's moments", 2 * whole * weights);
      ranks = ranksByWeights.applyAsInt(whole * config.parameterCount());
      keep("gradients of other ranks", (ranks - 1) * whole * weights);
    }

    /** Weights, and by how much each position turns. */
    void fixed(String name) {
      keep(name, weights + 8L * turns());
    }

    private long turns() {
      return (long) config.maxPositionEmbeddings() * config.architecture().rotaryDimensions() / 2;
    }

    /** Of weights at some step. */
    void copy(String name) {
      keep(name, weights);
    }

    /** Of what is trained of the policy at some step. */
    void copyOfPolicy(String name) {
      if (!adapters) {
        copy(name);
      }
    }

    /** Two sessions while one takes over from the other, each with a packed copy; the cache. */
    void served() {
      keep("served policy", 4 * weights);
      long row =
          2L
              * FLOAT
              * config.numLayers()
              * config.numKeyValueHeads()
              * config.headDim()
              * Math.min(256, config.maxPositionEmbeddings());
      keep("keys and values", Math.min(256 * MIB, 64 * row));
    }

    /** A method without rollouts: the policy, and the reference while its figures are taken. */
    void direct(int tokens, int longest) {
      trained("policy");
      fixed("reference");
      mapped(2);
      activations(tokens, longest);
      gaps();
      stretchedLoss();
    }

    /**
     * What the backward pass needs of every token and layer, in float32: input and output of both
     * norms, queries, keys and values before and after they are turned, what attention mixes, both
     * residuals, and the feed-forward layer's insides; and the weights in the type and the order in
     * which they are multiplied.
     *
     * @param microBatchTokens of each rank
     * @param longest a sequence that is longer than a micro-batch goes through alone
     */
    void activations(long microBatchTokens, int longest) {
      long tokens =
          ranks * Math.max(microBatchTokens, Math.min(longest, config.maxPositionEmbeddings()));
      long d = config.hiddenSize();
      long qkv = (config.numHeads() + 2L * config.numKeyValueHeads()) * config.headDim();
      long inner = (config.architecture().gated() ? 4L : 2L) * config.intermediateSize();
      long layer = FLOAT * (8 * d + 3 * qkv + inner);
      // computed again, a layer keeps its input, and one at a time the rest
      long all = recompute ? config.numLayers() * FLOAT * d + layer : config.numLayers() * layer;
      passing("activations", tokens * (all + 2L * FLOAT * d));
      // of frozen weights half, in the type of the products, and what was freed and not given back
      passing("weights as multiplied", ranks * (adapters ? 3 * weights / 4 : weights));
    }

    /**
     * Memory that micro-batches of ever other shapes leave between them: as much as they take and a
     * quarter, measured with a reward model. Packed rows are all alike and leave none.
     */
    void gaps() {
      passing("gaps", step.getOrDefault("activations", 0L) * 5 / 4);
    }

    /** Where a step is no more than a micro-batch, the ranks share it. */
    long share(int batchTokens, int microBatchTokens) {
      return Math.min(microBatchTokens, batchTokens / ranks);
    }

    /** Logits of a few hundred rows and the gradient of the output layer. */
    void stretchedLoss() {
      passing("logits", 3L * ranks * FLOAT * LOSS_ROWS * config.vocabSize());
    }

    /** Log probabilities of the whole vocabulary at every token, some at a time. */
    void wholeDistributions(int tokens) {
      passing("logits", 4L * ranks * FLOAT * tokens * config.vocabSize());
    }
  }
}

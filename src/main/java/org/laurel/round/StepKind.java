package org.laurel.round;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.dpo.DpoHyperparameters;
import org.laurel.engine.dpo.KtoHyperparameters;
import org.laurel.engine.ppo.PpoHyperparameters;
import org.laurel.engine.rejection.RejectionHyperparameters;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.Hyperparameters;
import org.laurel.engine.sft.SftHyperparameters;

/** What a step of a round may be, in the order in which steps run. */
public enum StepKind {
  SFT(Data.DEMONSTRATIONS, SftHyperparameters.DEFAULT),
  REWARD(Data.RANKINGS, RewardHyperparameters.defaults()),
  REJECTION(Data.PROMPTS, RejectionHyperparameters.defaults()),
  DPO(Data.RANKINGS, DpoHyperparameters.dpo()),
  IPO(Data.RANKINGS, DpoHyperparameters.ipo()),
  KTO(Data.THUMBS, KtoHyperparameters.defaults()),
  PPO(Data.PROMPTS, PpoHyperparameters.defaults());

  /** What is frozen for a step. */
  enum Data {
    DEMONSTRATIONS,
    RANKINGS,
    THUMBS,
    PROMPTS
  }

  private final Data data;
  private final Record defaults;

  StepKind(Data data, Record defaults) {
    this.data = data;
    this.defaults = defaults;
  }

  /** Its name in requests, runs and artifacts. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  Data learnsFrom() {
    return data;
  }

  /** What it does where nothing is asked. */
  Record defaults() {
    return defaults;
  }

  /**
   * All its settings, with those that were asked for in place of the defaults.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  Record settings(JsonNode asked) {
    return this == REWARD
        ? RewardHyperparameters.read(asked)
        : Hyperparameters.read(asked, defaults);
  }

  /** Whether a policy comes out of it, not a reward model. */
  public boolean makesPolicy() {
    return this != REWARD;
  }

  boolean needsRewardModel() {
    return this == PPO || this == REJECTION;
  }

  /** The step of that name; none for null, which a round is at before its first run. */
  public static Optional<StepKind> named(@Nullable String key) {
    return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
  }

  /**
   * @throws IllegalArgumentException if there is no such step
   */
  static StepKind of(String key) {
    return named(key).orElseThrow(() -> new IllegalArgumentException("there is no step " + key));
  }

  /** All keys in order, for people. */
  static String keys() {
    return Arrays.stream(values()).map(StepKind::key).collect(Collectors.joining(", "));
  }
}

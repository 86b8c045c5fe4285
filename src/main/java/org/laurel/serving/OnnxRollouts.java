package org.laurel.serving;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.laurel.engine.ppo.Rollout;
import org.laurel.engine.ppo.RolloutParameters;
import org.laurel.engine.ppo.RolloutPolicy;
import org.laurel.model.ModelConfig;
import org.laurel.model.ModelDirectory;

/** The rollouts of PPO, written by the policy as ONNX Runtime serves it. */
public final class OnnxRollouts implements RolloutPolicy {
  private final PolicySession session;

  private OnnxRollouts(PolicySession session) {
    this.session = session;
  }

  public static OnnxRollouts open(ModelDirectory directory) {
    return new OnnxRollouts(PolicySession.open(directory, PolicySession.Limits.standard()));
  }

  /**
   * @param weights by Hugging Face name, row-major; copied
   */
  public static OnnxRollouts open(ModelConfig config, Map<String, FloatBuffer> weights) {
    return new OnnxRollouts(PolicySession.open(config, weights, PolicySession.Limits.standard()));
  }

  @Override
  public List<Rollout> sample(List<int[]> prompts, RolloutParameters parameters) {
    SamplingParameters sampling =
        new SamplingParameters(
            parameters.temperature(),
            0,
            1,
            0,
            parameters.maxNewTokens(),
            Set.of(parameters.stopToken()),
            parameters.seed());
    try {
      return session.generate(prompts, sampling).stream().map(OnnxRollouts::rollout).toList();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Rollout rollout(Generation generation) {
    return new Rollout(
        generation.tokens(), generation.logprobs(), generation.finishReason() == FinishReason.STOP);
  }

  @Override
  public void refresh(Map<String, FloatBuffer> weights) {
    try {
      session.refresh(weights);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void close() {
    session.close();
  }

  private static IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("Interrupted while the policy was busy", cause);
  }
}

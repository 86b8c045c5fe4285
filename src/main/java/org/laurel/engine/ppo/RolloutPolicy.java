package org.laurel.engine.ppo;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * The policy as it is served: writes completions quickly, and takes new weights after every update.
 */
public interface RolloutPolicy extends AutoCloseable {

  /**
   * One completion for each prompt, in the order of the prompts. The same prompts, parameters and
   * weights give the same completions.
   *
   * @param prompts token ids, each ending where the completion begins; not padded
   */
  List<Rollout> sample(List<int[]> prompts, RolloutParameters parameters);

  /**
   * Samples from these weights from now on.
   *
   * @param weights all of the policy's weights by their Hugging Face names, row-major; copied
   *     before this returns
   */
  void refresh(Map<String, FloatBuffer> weights);

  @Override
  void close();
}

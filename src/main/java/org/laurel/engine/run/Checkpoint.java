package org.laurel.engine.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.laurel.model.ModelFormatException;
import org.laurel.model.TensorData;

/**
 * All that a trainer needs to go on as if it had never stopped.
 *
 * @param step steps done
 * @param tensors weights and optimiser moments, in a trainer's own memory until they are written
 * @param state everything else: counters, coefficients, random states
 */
public record Checkpoint(int step, Map<String, TensorData> tensors, ObjectNode state) {

  /**
   * @throws ModelFormatException when the checkpoint has no such tensor
   */
  public TensorData tensor(String name) {
    TensorData tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelFormatException("the checkpoint at step " + step + " has no " + name);
    }
    return tensor;
  }
}

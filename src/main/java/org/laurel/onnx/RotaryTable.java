package org.laurel.onnx;

import java.nio.FloatBuffer;
import org.laurel.model.ModelConfig;

/**
 * Cosines and sines of rotary position embeddings (Su et al. 2021, arXiv 2104.09864), {@code
 * [maxPositionEmbeddings, headDim / 2]} each: the angle of pair j at position p is p *
 * ropeTheta^(-2j / headDim).
 */
record RotaryTable(FloatBuffer cosines, FloatBuffer sines) {
  static RotaryTable of(ModelConfig config) {
    int half = config.headDim() / 2;
    FloatBuffer cosines = FloatBuffer.allocate(config.maxPositionEmbeddings() * half);
    FloatBuffer sines = FloatBuffer.allocate(config.maxPositionEmbeddings() * half);
    for (int position = 0; position < config.maxPositionEmbeddings(); position++) {
      for (int pair = 0; pair < half; pair++) {
        double angle = position * Math.pow(config.ropeTheta(), -2.0 * pair / config.headDim());
        cosines.put((float) Math.cos(angle));
        sines.put((float) Math.sin(angle));
      }
    }
    return new RotaryTable(cosines.flip(), sines.flip());
  }
}

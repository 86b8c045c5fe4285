package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.laurel.model.ModelFormatException;
import org.laurel.model.TensorData;

class VectorsTest {
  private final PointerScope scope = new PointerScope();
  private final Map<String, TensorData> kept = new LinkedHashMap<>();

  @AfterEach
  void free() {
    scope.close();
  }

  private static Tensor vector(float... values) {
    return Device.tensor(values);
  }

  @Test
  void aLongOneIsKeptInPartsAndPutBack() {
    Vectors.keep(kept, "w", vector(1, 2, 3, 4, 5), 2);
    assertThat(kept.keySet()).containsExactly("w", "w.1", "w.2");
    Tensor back = Device.zeros(5);
    Vectors.restore(kept, "w", back);
    assertThat(Device.floats(back)).containsExactly(1, 2, 3, 4, 5);
  }

  /** Checkpoints of earlier versions have but one part, however long. */
  @Test
  void theLengthOfThePartsIsTheirs() {
    Vectors.keep(kept, "w", vector(1, 2, 3), 3);
    assertThat(kept.keySet()).containsExactly("w");
    Tensor back = Device.zeros(3);
    Vectors.restore(kept, "w", back);
    assertThat(Device.floats(back)).containsExactly(1, 2, 3);
  }

  @Test
  void whatIsKeptIsTheVectorsOwnMemory() {
    Tensor vector = vector(1, 2);
    Vectors.keep(kept, "w", vector);
    Device.write(vector, values -> values.put(1, 7));
    assertThat(Objects.requireNonNull(kept.get("w")).floats().get(1)).isEqualTo(7);
  }

  @Test
  void anotherLengthIsRefused() {
    Vectors.keep(kept, "w", vector(1, 2, 3), 2);
    assertThatThrownBy(() -> Vectors.restore(kept, "w", Device.zeros(4)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("w.2");
    assertThatThrownBy(() -> Vectors.restore(kept, "w", Device.zeros(1)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("no fitting w");
    assertThatThrownBy(() -> Vectors.restore(kept, "v", Device.zeros(3)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("no fitting v");
  }
}

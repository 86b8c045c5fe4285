package org.laurel.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class DeviceTest {

  /** Elsewhere than on the processor what is read is a copy, and a change to it would be lost. */
  @Test
  void whatIsReadCannotBeChanged() {
    try (Parameters parameters = Parameters.zeros(Map.of("w", new long[] {2, 3}))) {
      FloatBuffer read = parameters.buffer("w");
      assertThatThrownBy(() -> read.put(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
      parameters.buffers().values().forEach(all -> assertThat(all.isReadOnly()).isTrue());
    }
  }

  @Test
  void whatIsWrittenIsInTheFlatWeightsToo() {
    try (Parameters parameters = Parameters.zeros(Map.of("w", new long[] {2, 3}))) {
      parameters.fill("w", i -> i);
      parameters.scale("w", 0.5);
      assertThat(Device.floats(parameters.values())).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
      parameters.write("w", own -> own.put(new float[] {6, 5, 4, 3, 2, 1}));
      assertThat(Device.floats(parameters.get("w"))).containsExactly(6, 5, 4, 3, 2, 1);
    }
  }

  @Test
  void copiesRowAfterRowHoweverATensorLies() {
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor = Device.tensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertThat(Device.floats(tensor.t())).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(Device.read(tensor).get(4)).isEqualTo(5);
    }
  }

  @Test
  void saysWhyThereIsNoCuda() {
    List<String> none = List.of();
    assertThat(Libtorch.obstacle(true, true, none, true)).isEmpty();
    assertThat(Libtorch.obstacle(false, true, none, false)).hasValueSatisfying(has("-Pcuda"));
    assertThat(Libtorch.obstacle(true, false, none, false)).hasValueSatisfying(has("driver"));
    assertThat(Libtorch.obstacle(true, true, List.of("libx.so.1"), false))
        .hasValueSatisfying(has("needs libx.so.1"));
    assertThat(Libtorch.obstacle(true, true, none, false)).hasValueSatisfying(has("sees no GPU"));
  }

  private static Consumer<String> has(String what) {
    return text -> assertThat(text).contains(what);
  }
}

package org.laurel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("model.safetensors");
  }

  private static TensorData floats(float... values) {
    return TensorData.of(FloatBuffer.wrap(values), values.length);
  }

  private void writeRaw(long headerLength, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(headerLength).put(json).array());
  }

  private void refuses(String why) {
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining(why);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    tensors.put("b", TensorData.of(FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6}), 2, 3));
    tensors.put("é", floats(-0.5f));
    tensors.put("empty", TensorData.of(FloatBuffer.allocate(0), 0, 4));
    SafetensorsWriter.write(file, tensors, Map.of("step", "7"));

    Safetensors read = Safetensors.open(file);
    assertThat(read.names()).containsExactly("b", "é", "empty");
    assertThat(read.metadata()).containsEntry("step", "7").containsEntry("format", "pt");
    float[] values = new float[6];
    read.floats("b", 2, 3).get(values);
    assertThat(values).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read.floats("é", 1).get(0)).isEqualTo(-0.5f);
    long header =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
  }

  @Test
  void moreThanIsWrittenAtOnceIsReadBack() throws IOException {
    FloatBuffer numbers = FloatBuffer.allocate(600_001);
    while (numbers.hasRemaining()) {
      numbers.put(numbers.position());
    }
    TensorData large = TensorData.of(numbers.flip(), 600_001);
    SafetensorsWriter.write(file, Map.of("large", large), Map.of());

    assertThat(Safetensors.open(file).floats("large", 600_001)).isEqualTo(numbers);
  }

  @Test
  void halvesAreReadAsFloats() throws IOException {
    ByteBuffer halves = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    for (int half : new int[] {0x3C00, 0xC000, 0x0001, 0x7C00, 0x3555}) {
      halves.putShort((short) half);
    }
    TensorData f16 = new TensorData(ElementType.F16, new long[] {5}, halves.flip());
    TensorData bf16 = floats(1.5f, -3.1415927f, 1e-40f, Float.NaN, 3.0000001e38f).toBfloat16();
    SafetensorsWriter.write(file, Map.of("f16", f16, "bf16", bf16), Map.of());
    Safetensors read = Safetensors.open(file);
    FloatBuffer wide = read.floats("f16", 5);
    assertThat(new float[] {wide.get(0), wide.get(1), wide.get(2), wide.get(3), wide.get(4)})
        .containsExactly(1f, -2f, 0x1p-24f, Float.POSITIVE_INFINITY, 0.33325195f);
    FloatBuffer rounded = read.floats("bf16", 5);
    assertThat(rounded.get(0)).isEqualTo(1.5f);
    assertThat(rounded.get(1)).isEqualTo(-3.140625f);
    assertThat(rounded.get(3)).isNaN();
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    SafetensorsWriter.write(file, Map.of("w", floats(1, 2, 3)), Map.of());
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(ModelFormatException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 60, -1, Long.MIN_VALUE, 0, 3})
  void aHeaderLengthOutsideTheFileIsRefused(long length) throws IOException {
    writeRaw(length, "{}", 0);
    refuses("header");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}"
      })
  void tensorsThatDoNotFitTheirBytesAreRefused(String header) throws IOException {
    writeRaw(header.length(), header, 8);
    refuses("tensor w");
  }

  @Test
  void anUnknownDtypeIsNamed() throws IOException {
    String header = "{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}";
    writeRaw(header.length(), header, 8);
    refuses("F8_E4M3");
  }

  @Test
  void aHeaderThatIsNotJsonIsRefused() throws IOException {
    writeRaw(8, "{\"w\": 1 ", 0);
    refuses("JSON");
  }

  @Test
  void aTensorOfAnotherShapeOrNameOrTypeIsRefused() throws IOException {
    TensorData longs = new TensorData(ElementType.I64, new long[] {1}, ByteBuffer.allocate(8));
    SafetensorsWriter.write(file, Map.of("w", floats(1, 2), "n", longs), Map.of());
    Safetensors read = Safetensors.open(file);
    assertThatThrownBy(() -> read.floats("w", 1, 2)).hasMessageContaining("[2], expected [1, 2]");
    assertThatThrownBy(() -> read.floats("v", 2)).hasMessageContaining("no tensor v");
    assertThatThrownBy(() -> read.floats("n", 1)).hasMessageContaining("I64");
  }
}

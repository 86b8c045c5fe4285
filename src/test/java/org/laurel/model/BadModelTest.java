package org.laurel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.laurel.serving.TinyFamilies;

/** What is wrong with a model is said in one sentence before anything computes with it. */
class BadModelTest {
  private static final String NORM = "model.layers.1.input_layernorm.weight";
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir Path folder;
  private Map<String, TensorData> weights = Map.of();

  @BeforeEach
  void aGoodModel() throws IOException {
    weights = new TreeMap<>(TinyFamilies.write(folder, config("qwen2"), 1));
    tokenizer(61);
    ModelDirectory.open(folder).check();
  }

  private static String config(String family) {
    return Objects.requireNonNull(TinyFamilies.configs().get(family));
  }

  private void tokenizer(int tokens) throws IOException {
    StringBuilder vocabulary = new StringBuilder();
    for (int i = 0; i < tokens - 1; i++) {
      vocabulary.append(i == 0 ? "" : ", ").append("\"t").append(i).append("\": ").append(i);
    }
    Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"model\": {\"vocab\": {%s}}, \"added_tokens\": [{\"id\": %d, \"content\": \"<e>\"}]}"
            .formatted(vocabulary, tokens - 1));
  }

  private void refuses(String sentence) {
    assertThatThrownBy(() -> ModelDirectory.open(folder).check())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith(sentence)
        .hasMessageStartingWith(folder.toString())
        .message()
        .doesNotContain("\n");
  }

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private void store(String name, TensorData tensor) throws IOException {
    weights.put(name, tensor);
    SafetensorsWriter.write(file(), weights, Map.of());
  }

  @Test
  void aTruncatedFile() throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(bytes, bytes.length - 100));
    assertThatThrownBy(() -> ModelDirectory.open(folder).check())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageMatching(".*tensor .* spans bytes .* where its shape needs .* file holds .*");
  }

  @Test
  void aHeaderOfTwoToTheSixty() throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file().toFile(), "rw")) {
      byte[] length =
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 60).array();
      out.write(length);
    }
    refuses("claims a header of 1152921504606846976 bytes in a file of " + Files.size(file()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[0, 8]|[4, 12]", "[0, 8]|[0, 8]", "[4, 12]|[0, 8]"})
  void tensorsThatOverlap(String offsets) throws IOException {
    String[] parts = offsets.split("\\|", 2);
    raw(
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": %s}, \"b\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": %s}}"
            .formatted(parts[0], parts[1]),
        16);
    assertThatThrownBy(() -> Safetensors.open(file()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageMatching(".*tensors (a and b|b and a) overlap");
  }

  @Test
  void aTensorNamedTwice() throws IOException {
    String tensor = "\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}";
    raw("{" + tensor + ", " + tensor + "}", 8);
    refuses("names a tensor twice in its header");
  }

  private void raw(String header, int bytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file(), all.putLong(json.length).put(json).array());
  }

  @Test
  void whatIsNoFloat() throws IOException {
    store(NORM, new TensorData(ElementType.I32, new long[] {64}, ByteBuffer.allocate(256)));
    refuses("tensor " + NORM + " holds I32, expected F32, F16 or BF16");
  }

  @Test
  void aMissingTensor() throws IOException {
    weights.remove("model.layers.0.self_attn.k_proj.bias");
    SafetensorsWriter.write(file(), weights, Map.of());
    refuses("has no tensor model.layers.0.self_attn.k_proj.bias");
  }

  @Test
  void aTensorOfAnotherShape() throws IOException {
    store(NORM, TensorData.of(FloatBuffer.allocate(64), 8, 8));
    refuses("tensor " + NORM + " is [8, 8], expected [64]");
  }

  @Test
  void anotherFamilysFusedTensorIsNamedAsItIsStored() throws IOException {
    Map<String, TensorData> gpt2 = new TreeMap<>(TinyFamilies.write(folder, config("gpt2"), 1));
    gpt2.put("transformer.h.0.attn.c_attn.weight", TensorData.of(FloatBuffer.allocate(64), 8, 8));
    SafetensorsWriter.write(file(), gpt2, Map.of());
    refuses("tensor transformer.h.0.attn.c_attn.weight is [8, 8], expected [64, 192]");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aWeightThatIsNotFinite(float value) throws IOException {
    FloatBuffer values = FloatBuffer.allocate(64);
    values.put(17, value);
    store(NORM, TensorData.of(values, 64).toBfloat16());
    refuses("tensor " + NORM + " holds " + value + " at element 17");
  }

  @ParameterizedTest
  @ValueSource(ints = {62, 29})
  void aTokenizerOfAnotherModel(int tokens) throws IOException {
    tokenizer(tokens);
    refuses("tokenizer.json: has " + tokens + " tokens where the model's vocabulary has 61");
  }

  @Test
  void noTokenizer() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    refuses("has no tokenizer.json");
  }

  @Test
  void anUnknownFamily() throws IOException {
    Files.writeString(
        folder.resolve("config.json"), config("qwen2").replace("\"qwen2\"", "\"rwkv\""));
    refuses("model_type is 'rwkv', known are llama, mistral, qwen2, qwen3, gpt2, gpt_neox");
  }

  @Test
  void anUnknownRopeScaling() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        config("llama, linear").replace("\"linear\"", "\"dynamic\""));
    refuses("rope_scaling of type 'dynamic' is not supported, only linear and llama3 are");
  }

  @Test
  void weightsThatMayHoldPrograms() throws IOException {
    Files.move(file(), folder.resolve("pytorch_model.bin"));
    refuses(
        "has no model.safetensors, and pytorch_model.bin is not read since it may hold programs");
  }

  private void shards(String first, String second) throws IOException {
    StringBuilder map = new StringBuilder();
    Map<String, TensorData> one = new TreeMap<>();
    Map<String, TensorData> two = new TreeMap<>();
    weights.forEach(
        (name, tensor) -> {
          boolean toFirst = one.size() <= two.size();
          (toFirst ? one : two).put(name, tensor);
          map.append(map.length() == 0 ? "" : ", ");
          map.append("\"%s\": \"%s\"".formatted(name, toFirst ? first : second));
        });
    Files.delete(file());
    SafetensorsWriter.write(folder.resolve("model-00001-of-00002.safetensors"), one, Map.of());
    SafetensorsWriter.write(folder.resolve("model-00002-of-00002.safetensors"), two, Map.of());
    Files.writeString(folder.resolve(INDEX), "{\"weight_map\": {" + map + "}}");
  }

  @Test
  void shardsAreReadAsOneModel() throws IOException {
    shards("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    ModelDirectory read = ModelDirectory.open(folder);
    read.check();
    weights.forEach(
        (name, tensor) ->
            assertThat(read.weights().tensor(name).floats()).isEqualTo(tensor.floats()));
  }

  @Test
  void aMissingShard() throws IOException {
    shards("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
    refuses(INDEX + ": names the shard model-00002-of-00002.safetensors, which is missing");
  }

  @Test
  void aTensorThatItsShardLacks() throws IOException {
    shards("model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors");
    assertThatThrownBy(() -> ModelDirectory.open(folder).check())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("00002.safetensors: has no tensor ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model.safetensors",
        "/etc/model.safetensors",
        "a/b.safetensors",
        "..",
        "x.bin"
      })
  void aShardElsewhere(String shard) throws IOException {
    shards(shard, "model-00002-of-00002.safetensors");
    refuses(INDEX + ": names the shard '" + shard + "', which is no file beside it");
  }

  /** A sparse file: what lies beyond 2 GB is found there, by a mapping of its own. */
  @Test
  void aFileOfMoreThanTwoGigabytesIsMappedInParts() throws IOException {
    long half = 1L << 30;
    long total = 3 * half;
    String tensor = "{\"dtype\": \"F32\", \"shape\": [%d], \"data_offsets\": [%d, %d]}";
    String header =
        "{\"a\": %s, \"b\": %s, \"c\": %s}"
            .formatted(
                tensor.formatted(half / 4, 0, half),
                tensor.formatted(half / 4, half, 2 * half),
                tensor.formatted(half / 4, 2 * half, total));
    Files.delete(file());
    try (RandomAccessFile out = new RandomAccessFile(file().toFile(), "rw")) {
      out.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length()).array());
      out.write(header.getBytes(StandardCharsets.UTF_8));
      out.setLength(8 + header.length() + total);
      out.seek(8 + header.length() + total - 4);
      out.write(new byte[] {0, 0, (byte) 0xc0, 0x3f});
    }
    Safetensors read = Safetensors.open(file());
    assertThat(read.floats("c", half / 4).get((int) (half / 4) - 1)).isEqualTo(1.5f);
    assertThat(read.floats("a", half / 4).get(0)).isZero();
  }
}

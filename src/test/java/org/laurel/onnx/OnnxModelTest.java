package org.laurel.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.DecoderShapes;
import org.laurel.model.Head;
import org.laurel.model.ModelConfig;

class OnnxModelTest {
  private static final ModelConfig CONFIG =
      new ModelConfig("llama", 600, 32, 48, 2, 2, 1, 16, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();

  @TempDir Path home;

  private final Map<String, FloatBuffer> weights = new LinkedHashMap<>();

  OnnxModelTest() {
    SplittableRandom random = new SplittableRandom(3);
    DecoderShapes.of(CONFIG, Head.REWARD)
        .forEach(
            (name, shape) -> {
              FloatBuffer values = FloatBuffer.allocate((int) DecoderShapes.size(shape));
              while (values.hasRemaining()) {
                values.put((float) random.nextGaussian() / 4);
              }
              weights.put(name, values.flip());
            });
  }

  private OnnxModel model() {
    return DecoderGraph.reward(CONFIG, weights);
  }

  @Test
  void writesEveryWeightIntoOneFile() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model().write(out);
    assertThat(out.toByteArray()).isEqualTo(model().toByteArray());
    Map<String, TensorProto> stored =
        ModelProto.parseFrom(out.toByteArray()).getGraph().getInitializerList().stream()
            .collect(Collectors.toMap(TensorProto::getName, tensor -> tensor));
    weights.forEach(
        (name, values) -> {
          TensorProto tensor = stored.get(name);
          assertThat(tensor).as(name).isNotNull();
          assertThat(
                  tensor
                      .getRawData()
                      .asReadOnlyByteBuffer()
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .asFloatBuffer())
              .as(name)
              .isEqualTo(values);
        });
  }

  @Test
  void weightsOfTheirOwnFileGiveTheSameScores() throws IOException, OrtException {
    Path file = home.resolve("onnx/model.onnx");
    Files.writeString(home.resolve("config.json"), "{\"rms_norm_eps\": 1e-05}");
    OnnxExport.writeBeside(model(), home, file);
    assertThat(Files.size(file)).isLessThan(Files.size(home.resolve("onnx/model.onnx_data")));
    try (OrtSession beside = ORT.createSession(file.toString());
        OrtSession inside = ORT.createSession(model().toByteArray())) {
      assertThat(score(beside)).isEqualTo(score(inside));
    }
    JsonNode config = new ObjectMapper().readTree(home.resolve("config.json").toFile());
    assertThat(config.at("/transformers.js_config/use_external_data_format/model.onnx").asBoolean())
        .isTrue();
    assertThat(config.path("rms_norm_eps").asDouble()).isEqualTo(1e-5);
    try (var files = Files.list(home.resolve("onnx"))) {
      assertThat(files.map(one -> one.getFileName().toString()))
          .containsExactlyInAnyOrder("model.onnx", "model.onnx_data");
    }
  }

  private static float score(OrtSession session) throws OrtException {
    try (OnnxTensor ids = OnnxTensor.createTensor(ORT, new long[][] {{4, 7, 12, 1}});
        OnnxTensor mask = OnnxTensor.createTensor(ORT, new long[][] {{1, 1, 1, 1}});
        OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", mask))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
    }
  }

  @Test
  void moreThanTheFormatHoldsGoesIntoAFileOfItsOwn() {
    GraphBuilder graph = new GraphBuilder("large");
    for (String name : new String[] {"a", "b"}) {
      graph.weight(name, () -> FloatBuffer.allocate(0), 1 << 14, 1 << 14);
    }
    OnnxModel large = graph.model();
    assertThat(model().fitsOneFile()).isTrue();
    assertThat(large.fitsOneFile()).isFalse();
    assertThatThrownBy(() -> large.write(new ByteArrayOutputStream()))
        .isInstanceOf(IllegalStateException.class);
    TensorProto second = large.beside("data").getGraph().getInitializer(1);
    assertThat(second.getExternalDataList())
        .anyMatch(
            entry -> entry.getKey().equals("offset") && entry.getValue().equals("" + (1L << 30)));
  }

  @Test
  void weightsThatAreMissingOrOfAnotherSizeAreRefusedByName() {
    weights.put("model.norm.weight", FloatBuffer.allocate(31));
    assertThatThrownBy(() -> model().toByteArray())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.norm.weight holds 31 numbers, expected 32");
    assertThatThrownBy(() -> model().weights().forEach(OnnxModel.Weight::direct))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.norm.weight holds 31 numbers, expected 32");
    weights.remove("model.norm.weight");
    assertThatThrownBy(this::model)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.norm.weight");
  }
}

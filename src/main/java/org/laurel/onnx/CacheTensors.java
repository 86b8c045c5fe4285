package org.laurel.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import org.laurel.model.ModelConfig;

/**
 * The key-value cache of a graph as transformers.js names it: {@code past_key_values.i.key|value
 * [B,kv,past,hd]} go in, {@code present.i.key|value [B,kv,past+T,hd]} come out.
 */
final class CacheTensors {
  private final GraphBuilder graph;
  private final ModelConfig config;
  private final List<Layer> layers = new ArrayList<>();

  CacheTensors(GraphBuilder graph, ModelConfig config) {
    this.graph = graph;
    this.config = config;
  }

  /** The cache of a layer, asked for once. */
  Layer layer(int index) {
    Layer layer = new Layer(index);
    layers.add(layer);
    return layer;
  }

  /** Declares what the layers keep as outputs of the graph. */
  void declareOutputs() {
    for (Layer layer : layers) {
      layer.present("key", layer.keys);
      layer.present("value", layer.values);
    }
  }

  /** Keys and values of one layer. */
  final class Layer {
    private final int index;
    private String keys = "";
    private String values = "";

    private Layer(int index) {
      this.index = index;
    }

    String pastKeys() {
      return past("key");
    }

    String pastValues() {
      return past("value");
    }

    void keep(String keys, String values) {
      this.keys = keys;
      this.values = values;
    }

    private String past(String what) {
      return graph.input(
          "past_key_values." + index + "." + what,
          DataType.FLOAT,
          "batch_size",
          config.numKeyValueHeads(),
          "past_sequence_length",
          config.headDim());
    }

    private void present(String what, String value) {
      graph.output(
          "present." + index + "." + what,
          value,
          "batch_size",
          config.numKeyValueHeads(),
          "total_sequence_length",
          config.headDim());
    }
  }
}

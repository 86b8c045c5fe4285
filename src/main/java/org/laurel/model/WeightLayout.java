package org.laurel.model;

import com.google.common.collect.Maps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a family's files keep the weights of {@link DecoderShapes}. Llama, Mistral and Qwen keep
 * them just so. GPT-2 stores matrices {@code [in, out]} and the query, key and value projections
 * side by side; GPT-NeoX stores those three under each other, head by head.
 */
final class WeightLayout {
  private static final Pattern IN_LAYER =
      Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)\\.(weight|bias)");
  private static final List<String> PARTS =
      List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

  private static final Map<String, String> GPT2 =
      Map.of(
          "model.embed_tokens", "transformer.wte",
          "model.embed_positions", "transformer.wpe",
          "model.norm", "transformer.ln_f",
          "input_layernorm", "ln_1",
          "self_attn", "attn.c_attn",
          "self_attn.o_proj", "attn.c_proj",
          "post_attention_layernorm", "ln_2",
          "mlp.up_proj", "mlp.c_fc",
          "mlp.down_proj", "mlp.c_proj");
  private static final Map<String, String> GPT_NEOX =
      Map.of(
          "model.embed_tokens", "gpt_neox.embed_in",
          "model.norm", "gpt_neox.final_layer_norm",
          "lm_head", "embed_out",
          "self_attn", "attention.query_key_value",
          "self_attn.o_proj", "attention.dense",
          "mlp.up_proj", "mlp.dense_h_to_4h",
          "mlp.down_proj", "mlp.dense_4h_to_h");

  private final ModelConfig config;
  private final Family family;

  WeightLayout(ModelConfig config) {
    this.config = config;
    family = config.architecture().family();
  }

  /**
   * Where a weight is stored.
   *
   * @param transposed stored {@code [in, out]}
   * @param part 0, 1 or 2 of the fused query, key and value projections; -1 for a whole tensor
   */
  record Place(String name, boolean transposed, int part) {
    boolean isWhole() {
      return part < 0;
    }
  }

  Place place(String name) {
    if (family != Family.GPT2 && family != Family.GPT_NEOX) {
      return new Place(name, false, -1);
    }
    Map<String, String> names = family == Family.GPT2 ? GPT2 : GPT_NEOX;
    Matcher inLayer = IN_LAYER.matcher(name);
    if (!inLayer.matches()) {
      int dot = name.lastIndexOf('.');
      String stem = name.substring(0, dot);
      return new Place(names.getOrDefault(stem, stem) + name.substring(dot), false, -1);
    }
    String stem = inLayer.group(2);
    int part = PARTS.indexOf(stem);
    String layers = family == Family.GPT2 ? "transformer.h." : "gpt_neox.layers.";
    String inside = names.getOrDefault(part < 0 ? stem : "self_attn", stem);
    boolean matrix = inLayer.group(3).equals("weight") && !stem.endsWith("norm");
    return new Place(
        layers + inLayer.group(1) + "." + inside + "." + inLayer.group(3),
        family == Family.GPT2 && matrix,
        part);
  }

  /** The shape in the file of a weight that has {@code shape} here. */
  long[] storedShape(Place place, long[] shape) {
    long[] stored = shape.clone();
    if (!place.isWhole()) {
      stored[0] *= PARTS.size();
    }
    return place.transposed() ? new long[] {stored[1], stored[0]} : stored;
  }

  /** A weight out of the tensor that holds it. */
  TensorData unpack(Place place, TensorData stored) {
    TensorData upright = place.transposed() ? stored.transposed() : stored;
    if (place.isWhole()) {
      return upright;
    }
    int[] order = fusedRows();
    int[] rows = new int[order.length / PARTS.size()];
    System.arraycopy(order, place.part() * rows.length, rows, 0, rows.length);
    return upright.rows(rows);
  }

  /**
   * All weights as the files of the family hold them, in the given order; each is made when it is
   * asked for and not kept.
   */
  Map<String, TensorData> pack(Map<String, TensorData> weights) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : weights.keySet()) {
      Place place = place(name);
      if (place.part() <= 0) {
        names.put(place.name(), name);
      }
    }
    return Maps.transformValues(names, name -> packed(name, weights));
  }

  private TensorData packed(String name, Map<String, TensorData> weights) {
    Place place = place(name);
    TensorData upright =
        place.isWhole() ? weight(weights, name) : fused(name, weights).rows(inverse(fusedRows()));
    return place.transposed() ? upright.transposed() : upright;
  }

  private static TensorData fused(String query, Map<String, TensorData> weights) {
    return TensorData.stacked(
        PARTS.stream().map(part -> weight(weights, query.replace(PARTS.get(0), part))).toList());
  }

  private static TensorData weight(Map<String, TensorData> weights, String name) {
    @Nullable TensorData tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no weight " + name + " to write");
    }
    return tensor;
  }

  /** For each row of queries, then keys, then values: its row in the fused tensor. */
  private int[] fusedRows() {
    int width = config.headDim();
    int each = config.numHeads() * width;
    int[] rows = new int[PARTS.size() * each];
    for (int row = 0; row < rows.length; row++) {
      int part = row / each;
      int head = row % each / width;
      rows[row] = family == Family.GPT2 ? row : (head * PARTS.size() + part) * width + row % width;
    }
    return rows;
  }

  private static int[] inverse(int[] order) {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return inverse;
  }
}

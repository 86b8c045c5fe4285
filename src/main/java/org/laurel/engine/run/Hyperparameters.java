package org.laurel.engine.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** A trainer's hyperparameters record, read from what a person chose to change. */
public final class Hyperparameters {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));

  /** Weights of the policy that the default learning rates were measured with. */
  private static final double MEASURED_WEIGHTS = 4e6;

  private Hyperparameters() {}

  /** How much smaller the default learning rates are for a model larger than the starter policy. */
  public enum Rates {
    /** For what learns from judgments: rates fall as weights grow. */
    IN_PROPORTION,
    /** For what imitates texts: rates fall as the square root of the weights grows. */
    BY_ROOT;

    /** Those of a kind of run, as in {@code run.json}. */
    public static Rates of(String kind) {
      return kind.equals("sft") || kind.equals("rejection") ? BY_ROOT : IN_PROPORTION;
    }

    /** What the default rates are multiplied by for a model of so many weights, at most 1. */
    public double factor(long weights) {
      double share = Math.min(1, MEASURED_WEIGHTS / weights);
      return this == BY_ROOT ? Math.sqrt(share) : share;
    }
  }

  /** As the other, with rates in proportion. */
  public static <R extends Record> R read(JsonNode overrides, R defaults, long weights) {
    return read(overrides, defaults, weights, Rates.IN_PROPORTION);
  }

  /**
   * The defaults for a model of a given size with the overrides in their place. Default learning
   * rates suit the starter policy; a larger model takes smaller steps. Rates that a person chose
   * stay as they are.
   *
   * @param overrides as in {@link #read(JsonNode, Record)}
   * @param defaults a record
   * @param weights of the model that is trained
   */
  public static <R extends Record> R read(
      JsonNode overrides, R defaults, long weights, Rates rates) {
    double factor = rates.factor(weights);
    ObjectNode sized = JSON.createObjectNode();
    JSON.valueToTree(defaults)
        .fields()
        .forEachRemaining(
            field -> {
              if (isRate(field.getKey())) {
                sized.put(field.getKey(), field.getValue().asDouble() * factor);
              }
            });
    overrides.fields().forEachRemaining(field -> sized.set(field.getKey(), field.getValue()));
    return read(sized, defaults);
  }

  /** Whether the default of that name falls with the size of a model. */
  public static boolean isRate(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith("learningrate");
  }

  /**
   * The defaults with the overrides in their place.
   *
   * @param overrides an object whose names are components of the record; missing or null for none
   * @param defaults a record
   * @throws IllegalArgumentException naming a name the record does not have, or a value of the
   *     wrong kind or that the record refuses
   */
  public static <R extends Record> R read(JsonNode overrides, R defaults) {
    ObjectNode merged = JSON.valueToTree(defaults);
    Iterator<Map.Entry<String, JsonNode>> fields = overrides.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!merged.has(field.getKey())) {
        throw new IllegalArgumentException("there is no hyperparameter '" + field.getKey() + "'");
      }
      if (field.getValue().isNull()) {
        throw new InvalidHyperparameter(field.getKey(), "must not be null");
      }
      merged.set(field.getKey(), field.getValue());
    }
    @SuppressWarnings("unchecked") // getClass of a record is exactly R
    Class<R> type = (Class<R>) defaults.getClass();
    try {
      return JSON.treeToValue(merged, type);
    } catch (JsonProcessingException e) {
      throw fault(e, type);
    }
  }

  /** What the record itself says, or else what the value at fault should have been. */
  private static IllegalArgumentException fault(JsonProcessingException e, Class<?> type) {
    if (e.getCause() instanceof IllegalArgumentException said) {
      return said;
    }
    if (e instanceof JsonMappingException at && !at.getPath().isEmpty()) {
      String name = at.getPath().get(0).getFieldName();
      for (RecordComponent component : type.getRecordComponents()) {
        if (component.getName().equals(name)) {
          return new InvalidHyperparameter(name, wanted(component.getType(), e));
        }
      }
    }
    return new IllegalArgumentException("hyperparameters: " + e.getOriginalMessage(), e);
  }

  private static String wanted(Class<?> kind, JsonProcessingException e) {
    if (kind == int.class) {
      return "must be a whole number up to " + Integer.MAX_VALUE;
    }
    if (kind == double.class) {
      return "must be a number";
    }
    if (kind == boolean.class) {
      return "must be true or false";
    }
    return kind.isEnum()
        ? "must be one of " + Arrays.toString(kind.getEnumConstants())
        : "is malformed: " + e.getOriginalMessage();
  }
}

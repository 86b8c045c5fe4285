package org.laurel.engine.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/** A trainer's hyperparameters record, read from what a person chose to change. */
public final class Hyperparameters {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS);

  private Hyperparameters() {}

  /**
   * The defaults with the overrides in their place.
   *
   * @param overrides an object whose names are components of the record; missing or null for none
   * @param defaults a record
   * @throws IllegalArgumentException naming a name the record does not have, or a value of the
   *     wrong kind
   */
  public static <R extends Record> R read(JsonNode overrides, R defaults) {
    ObjectNode merged = JSON.valueToTree(defaults);
    Iterator<Map.Entry<String, JsonNode>> fields = overrides.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!merged.has(field.getKey())) {
        throw new IllegalArgumentException("there is no hyperparameter '" + field.getKey() + "'");
      }
      merged.set(field.getKey(), field.getValue());
    }
    try {
      @SuppressWarnings("unchecked") // getClass of a record is exactly R
      Class<R> type = (Class<R>) defaults.getClass();
      return JSON.treeToValue(merged, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("hyperparameters: " + e.getOriginalMessage(), e);
    }
  }
}

package org.laurel.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A hyperparameter of a step as the launch form asks for it.
 *
 * @param step key of the step
 * @param name in requests
 * @param standard what holds where nothing is said, as the guide writes it
 * @param withMiniLm what holds instead with that backbone; null where it is the same
 * @param choices what it may be; empty if that is not to be listed
 */
public record Setting(
    String step,
    String name,
    Kind kind,
    String standard,
    @Nullable String withMiniLm,
    List<String> choices,
    String meaning) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How it is filled in. */
  public enum Kind {
    NUMBER,
    BOOLEAN,
    TEXT,
    JSON
  }

  /**
   * All settings of a step but some.
   *
   * @param but their names: the form has fields of its own for them
   * @param weights of the policy that the step starts from
   */
  static List<Setting> of(StepKind step, Set<String> but, long weights) {
    return Arrays.stream(step.defaults().getClass().getRecordComponents())
        .filter(component -> !but.contains(component.getName()))
        .map(component -> of(step, component, weights))
        .toList();
  }

  private static Setting of(StepKind step, RecordComponent component, long weights) {
    String name = component.getName();
    Class<?> type = component.getType();
    SettingsGuide.Row guide = SettingsGuide.row(step, name);
    String standard = SettingsGuide.standard(guide, step, weights);
    String withMiniLm = step == StepKind.REWARD ? guide.withMiniLm() : standard;
    return new Setting(
        step.key(),
        name,
        kind(type),
        standard,
        withMiniLm.equals(standard) ? null : withMiniLm,
        choices(type),
        guide.meaning());
  }

  private static Kind kind(Class<?> type) {
    if (type == boolean.class) {
      return Kind.BOOLEAN;
    }
    if (type.isPrimitive()) {
      return Kind.NUMBER;
    }
    return type.isEnum() ? Kind.TEXT : Kind.JSON;
  }

  private static List<String> choices(Class<?> type) {
    if (type == boolean.class) {
      return List.of("true", "false");
    }
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(one -> JSON.convertValue(one, String.class))
            .toList()
        : List.of();
  }
}

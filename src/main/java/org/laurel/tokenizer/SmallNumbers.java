package org.laurel.tokenizer;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filter that makes as much text, or as many places, as its arguments say: they are three digits
 * at most.
 */
record SmallNumbers(Filter filter) implements Filter {
  static final List<String> FILTERS = List.of("batch", "center", "format", "indent", "round");

  /** Alone, or as a width in a format. */
  private static final Pattern LARGE = Pattern.compile("(^[-+]?|%[^a-zA-Z%]*)[0-9]{4}");

  @Override
  public String getName() {
    return filter.getName();
  }

  @Override
  public @Nullable Object filter(
      @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
    require(value, Arrays.asList(arguments));
    return filter.filter(value, interpreter, arguments);
  }

  @Override
  public @Nullable Object filter(
      @Nullable Object value,
      JinjavaInterpreter interpreter,
      Object[] arguments,
      Map<String, Object> named) {
    require(value, Arrays.asList(arguments));
    require(value, named.values());
    return filter.filter(value, interpreter, arguments, named);
  }

  private void require(@Nullable Object value, Collection<?> arguments) {
    boolean large = getName().equals("format") && isLarge(value);
    if (large || arguments.stream().anyMatch(SmallNumbers::isLarge)) {
      throw new RenderLimits.OverLimit("it has '| " + getName() + "' by more than 999");
    }
  }

  private static boolean isLarge(@Nullable Object number) {
    return LARGE.matcher(String.valueOf(number)).find();
  }
}

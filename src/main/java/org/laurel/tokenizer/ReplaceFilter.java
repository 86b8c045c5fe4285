package org.laurel.tokenizer;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jinja's {@code replace}, which is that of Python's strings. */
final class ReplaceFilter implements Filter {
  @Override
  public String getName() {
    return "replace";
  }

  @Override
  public @Nullable Object filter(
      @Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
    if (value == null) {
      return null;
    }
    if (arguments.length < 2) {
      throw new IllegalArgumentException("'| replace' needs what to replace, and by what");
    }
    List<?> taken =
        arguments.length == 2
            ? List.of(arguments)
            : List.of(arguments[0], arguments[1], Integer.valueOf(arguments[2]));
    return PythonStrings.call(value.toString(), "replace", taken);
  }
}

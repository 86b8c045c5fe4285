package org.laurel.tokenizer;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code is iterable} as Python answers it: of texts and dictionaries yes, as of lists. */
final class IsIterable implements ExpTest {
  private static final long serialVersionUID = 1L;

  @Override
  public String getName() {
    return "iterable";
  }

  @Override
  public boolean evaluate(
      @Nullable Object value, JinjavaInterpreter interpreter, Object... arguments) {
    return value instanceof Iterable || value instanceof CharSequence || value instanceof Map;
  }
}

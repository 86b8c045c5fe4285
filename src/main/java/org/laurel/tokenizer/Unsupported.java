package org.laurel.tokenizer;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import org.jspecify.annotations.Nullable;

/** The filter and test that stand for those which are not there; the argument names them. */
final class Unsupported implements Filter, ExpTest {
  private static final long serialVersionUID = 1L;

  @Override
  public String getName() {
    return PythonExpressions.UNSUPPORTED;
  }

  @Override
  public Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... names) {
    return ChatTemplate.unsupported("| " + names[0]);
  }

  @Override
  public boolean evaluate(@Nullable Object value, JinjavaInterpreter interpreter, Object... names) {
    return ChatTemplate.unsupported("is " + names[0]).isEmpty();
  }
}

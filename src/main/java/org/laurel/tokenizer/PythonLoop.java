package org.laurel.tokenizer;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code {% for %}} as Python's Jinja has it, where Jinjava's differs: what is set in one turn is
 * gone in the next, items may be chosen by a condition, an {@code else} is for no items at all, a
 * dictionary gives its keys and a text its characters, and {@code loop} knows the neighbours of an
 * item.
 */
final class PythonLoop implements Tag {
  private static final long serialVersionUID = 1L;

  /**
   * What stands in the tag.
   *
   * @param names one, or those that an item is taken apart into
   * @param items an expression
   * @param condition an expression; null where all items are meant
   */
  record Head(List<String> names, String items, @Nullable String condition) {}

  /** The state of a loop, to which {@code break} and {@code continue} talk too. */
  static final class State extends ForLoop {
    private final List<?> items;

    State(List<?> items) {
      super(items.iterator(), items.size());
      this.items = items;
    }

    /** The item so many places away, or null where there is none. */
    @Nullable Object neighbour(int distance) {
      int at = getIndex0() + distance;
      return at < 0 || at >= items.size() ? null : items.get(at);
    }
  }

  @Override
  public String getName() {
    return ForTag.TAG_NAME;
  }

  @Override
  public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
    Head head = PythonExpressions.loop(tag.getHelpers());
    List<Object> items = items(head, tag, interpreter);
    List<Node> body = new ArrayList<>(tag.getChildren());
    List<Node> otherwise = List.of();
    for (int at = 0; at < body.size(); at++) {
      if (body.get(at) instanceof TagNode inner && inner.getName().equals("else")) {
        otherwise = body.subList(at + 1, body.size());
        body = body.subList(0, at);
        break;
      }
    }
    StringBuilder text = new StringBuilder();
    if (items.isEmpty()) {
      otherwise.forEach(node -> append(text, node, interpreter));
      return text.toString();
    }
    State state = new State(items);
    while (state.hasNext()) {
      Object item = state.next();
      try (var scope = interpreter.enterScope()) {
        interpreter.getContext().put(ForTag.LOOP, state);
        name(item, head.names(), interpreter.getContext());
        for (Iterator<Node> nodes = body.iterator(); nodes.hasNext() && !state.isContinued(); ) {
          append(text, nodes.next(), interpreter);
        }
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Node node, JinjavaInterpreter interpreter) {
    text.append(node.render(interpreter));
    RenderLimits.requireLength(text.length());
  }

  private static List<Object> items(Head head, TagNode tag, JinjavaInterpreter interpreter) {
    List<Object> items = new ArrayList<>();
    Object all = interpreter.resolveELExpression(head.items(), tag.getLineNumber());
    for (Iterator<?> each = iterator(all); each.hasNext(); ) {
      Object item = interpreter.wrap(each.next());
      if (head.condition() == null || holds(head, item, tag, interpreter)) {
        items.add(item);
      }
    }
    return items;
  }

  private static Iterator<?> iterator(@Nullable Object all) {
    if (all instanceof Map<?, ?> map) {
      return map.keySet().iterator();
    }
    if (all instanceof CharSequence text) {
      return text.codePoints().mapToObj(Character::toString).iterator();
    }
    return ObjectIterator.getLoop(all);
  }

  private static boolean holds(
      Head head, Object item, TagNode tag, JinjavaInterpreter interpreter) {
    try (var scope = interpreter.enterScope()) {
      name(item, head.names(), interpreter.getContext());
      return ObjectTruthValue.evaluate(
          interpreter.resolveELExpression(head.condition(), tag.getLineNumber()));
    }
  }

  private static void name(Object item, List<String> names, Context context) {
    if (names.size() == 1) {
      context.put(names.get(0), item);
      return;
    }
    List<?> parts =
        item instanceof Map.Entry<?, ?> entry
            ? Arrays.asList(entry.getKey(), entry.getValue())
            : item instanceof List<?> list ? list : List.of();
    if (parts.size() != names.size()) {
      throw new IllegalArgumentException(
          "an item of a loop does not have %d parts".formatted(names.size()));
    }
    for (int i = 0; i < parts.size(); i++) {
      context.put(names.get(i), parts.get(i));
    }
  }
}

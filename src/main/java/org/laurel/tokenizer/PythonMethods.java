package org.laurel.tokenizer;

import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * What Python's strings, lists and dictionaries answer when a template calls one of their methods.
 * Jinjava would look for a method of the Java object, which is named otherwise, does otherwise, or
 * is not there. Knows the characters of a string by their index and the neighbours of a loop's item
 * too; everything else is left to the resolvers after it.
 */
final class PythonMethods extends ELResolver {
  private static final Map<String, Integer> NEIGHBOURS = Map.of("previtem", -1, "nextitem", 1);
  private static final Pattern INDEX = Pattern.compile("-?[0-9]{1,9}");

  @Override
  public @Nullable Object invoke(
      ELContext context,
      @Nullable Object base,
      Object method,
      Class<?> @Nullable [] types,
      Object @Nullable [] parameters) {
    RenderLimits.requireMemory();
    Object[] arguments = parameters == null ? new Object[0] : parameters;
    String name = String.valueOf(method);
    if (base == null) {
      return null;
    }
    if (name.equals(Slices.METHOD) && arguments.length == 3) {
      context.setPropertyResolved(true);
      return Slices.of(base, integer(arguments[0]), integer(arguments[1]), integer(arguments[2]));
    }
    if (base instanceof String text && PythonStrings.knows(name)) {
      context.setPropertyResolved(true);
      return PythonStrings.call(text, name, Arrays.asList(arguments));
    }
    if (base instanceof Map<?, ?> map && name.equals("get") && arguments.length == 2) {
      context.setPropertyResolved(true);
      return map.containsKey(arguments[0]) ? map.get(arguments[0]) : arguments[1];
    }
    return null;
  }

  private static @Nullable Integer integer(@Nullable Object argument) {
    return argument instanceof Number number ? (Integer) number.intValue() : null;
  }

  @Override
  public @Nullable Object getValue(
      ELContext context, @Nullable Object base, @Nullable Object property) {
    RenderLimits.requireMemory();
    String index = String.valueOf(property);
    if (base instanceof PythonLoop.State loop && NEIGHBOURS.containsKey(index)) {
      context.setPropertyResolved(true);
      return loop.neighbour(NEIGHBOURS.get(index));
    }
    if (!(base instanceof String text) || !INDEX.matcher(index).matches()) {
      return null;
    }
    context.setPropertyResolved(true);
    int at = Integer.parseInt(index);
    at += at < 0 ? text.length() : 0;
    return at < 0 || at >= text.length() ? null : String.valueOf(text.charAt(at));
  }

  @Override
  public @Nullable Class<?> getType(
      ELContext context, @Nullable Object base, @Nullable Object property) {
    return null;
  }

  @Override
  public void setValue(
      ELContext context,
      @Nullable Object base,
      @Nullable Object property,
      @Nullable Object value) {}

  @Override
  public boolean isReadOnly(ELContext context, @Nullable Object base, @Nullable Object property) {
    return true;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(
      ELContext context, @Nullable Object base) {
    return Collections.emptyIterator();
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, @Nullable Object base) {
    return Object.class;
  }
}

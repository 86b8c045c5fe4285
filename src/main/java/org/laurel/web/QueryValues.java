package org.laurel.web;

import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a query, and names the one that cannot be read. Without this, JAX-RS answers
 * that there is nothing at the address; so it stays for a path, which does name nothing then.
 */
@Provider
public class QueryValues implements ParamConverterProvider {
  private record Kind(String name, Function<String, Object> reader) {}

  private static final Kind NUMBER = new Kind("a whole number", Integer::valueOf);
  private static final Kind LONG = new Kind("a whole number", Long::valueOf);
  private static final Kind BOOL = new Kind("true or false", QueryValues::bool);
  private static final Map<Class<?>, Kind> KINDS =
      Map.of(
          int.class,
          NUMBER,
          Integer.class,
          NUMBER,
          long.class,
          LONG,
          Long.class,
          LONG,
          boolean.class,
          BOOL,
          Boolean.class,
          BOOL,
          UUID.class,
          new Kind("an id", UUID::fromString));

  @Override
  public <T> @Nullable ParamConverter<T> getConverter(
      Class<T> type, Type generic, Annotation[] annotations) {
    Kind kind = KINDS.get(type);
    for (Annotation annotation : annotations) {
      if (kind != null && annotation instanceof QueryParam parameter) {
        return new Converter<>(parameter.value(), kind);
      }
    }
    return null; // the framework's own
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private record Converter<T>(String field, Kind kind) implements ParamConverter<T> {
    /**
     * @throws Problem 400 if the text is no such value
     */
    @Override
    @SuppressWarnings("unchecked") // a kind reads values of the class that it was found by
    public @Nullable T fromString(@Nullable String text) {
      if (text == null) {
        return null;
      }
      try {
        return (T) kind.reader().apply(text);
      } catch (IllegalArgumentException e) {
        String fault = "must be %s, not '%s'".formatted(kind.name(), text);
        throw Problem.malformed(field + " " + fault).error(field, fault);
      }
    }

    @Override
    public String toString(T value) {
      return String.valueOf(value);
    }
  }
}

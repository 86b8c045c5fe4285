package org.laurel.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a list.
 *
 * @param next what to send as {@code after} for the following piece; null at the end
 */
public record Page<T>(
    List<T> items, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next) {
  /**
   * @param found up to {@code limit + 1} rows in the order of the list; the one too many only tells
   *     that there is more
   */
  public static <T> Page<T> of(List<T> found, int limit, Function<T, String> cursor) {
    if (found.size() <= limit) {
      return new Page<>(found, null);
    }
    List<T> items = found.subList(0, limit);
    return new Page<>(items, cursor.apply(items.get(limit - 1)));
  }

  public <R> Page<R> map(Function<T, R> change) {
    return new Page<>(items.stream().map(change).toList(), next);
  }
}

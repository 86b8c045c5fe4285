package org.laurel.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on, as a {@code @BeanParam}: {@code ?after=ID&limit=N}, by the id that the page
 * before ended with. Ids are version 7 mostly, so that their order is the order of creation.
 */
public class Cursor {
  /** Before every id that there is; whoever sends it begins a list. */
  public static final UUID START = new UUID(0, 0);

  @QueryParam("after")
  @Nullable UUID after;

  @QueryParam("limit")
  @DefaultValue("50")
  @Min(1)
  @Max(1000)
  public int limit;

  /**
   * The id after which a list goes on that begins with the smallest.
   *
   * @param listed whether an id is of the list
   * @return an id before all others if the list is to begin
   * @throws Problem 400 if the id is not of the list
   */
  public UUID after(Predicate<UUID> listed) {
    UUID last = last(listed);
    return last == null ? START : last;
  }

  /** As {@link #after}, but null if the list is to begin. */
  public @Nullable UUID last(Predicate<UUID> listed) {
    if (after == null || after.equals(START)) {
      return null;
    }
    if (!listed.test(after)) {
      throw Problem.malformed("nothing with the id %s is in this list".formatted(after))
          .error("after", "is not in this list");
    }
    return after;
  }
}

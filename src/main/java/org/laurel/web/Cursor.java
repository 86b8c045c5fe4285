package org.laurel.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on, as a {@code @BeanParam}: {@code ?after=ID&limit=N}. Ids are version 7, so
 * their order is the order of creation.
 */
public class Cursor {
  /** Before every id that there is. */
  private static final UUID START = new UUID(0, 0);

  @QueryParam("after")
  @Nullable UUID after;

  @QueryParam("limit")
  @DefaultValue("50")
  @Min(1)
  @Max(1000)
  public int limit;

  public UUID after() {
    return after == null ? START : after;
  }
}

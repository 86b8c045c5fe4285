package org.laurel.judge;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two completions of a task. The first has the lesser id as the database orders them; ids are
 * random, so that says nothing.
 *
 * @param ranking the people's ranking that it is held against; null where it is to be voted on
 * @param adjudication the reviewer's order that it is held against where there is one
 * @param chosen what that ranking or order chose
 */
record Pair(
    UUID prompt,
    UUID task,
    UUID first,
    UUID second,
    @Nullable UUID ranking,
    @Nullable UUID adjudication,
    @Nullable UUID chosen) {}

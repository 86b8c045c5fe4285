package org.laurel.review;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.ranking.Judgment;

/**
 * What counts for a task in place of people's rankings, as the API answers it.
 *
 * @param version of the task's adjudications, from 1
 * @param groups completion ids, best group first; the ids of one group are tied
 * @param strength how much better the best group is than the next, 1 to 4; null if not said
 * @param unrankable none of the completions can be ranked: the task says nothing
 * @param by e-mail address of who gave it; null if it was imported
 */
public record StoredAdjudication(
    UUID id,
    UUID taskId,
    int version,
    List<List<UUID>> groups,
    @Nullable Integer strength,
    boolean unrankable,
    @Nullable String reason,
    @Nullable String by,
    Instant givenAt) {

  static StoredAdjudication of(Adjudication given) {
    Judgment said = given.judgment();
    @Nullable Account by = given.givenBy == null ? null : Account.findById(given.givenBy);
    return new StoredAdjudication(
        given.id,
        given.taskId,
        given.version,
        said.groups(),
        said.strength(),
        said.unrankable(),
        given.reason,
        by == null ? null : by.email,
        given.givenAt);
  }
}

package org.laurel.ranking;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody's ranking of a silent check.
 *
 * @param counts whether it came after the annotator was last let in
 */
public record CheckedRanking(
    UUID taskId, UUID annotatorId, Instant submittedAt, boolean counts, CheckScore score) {}

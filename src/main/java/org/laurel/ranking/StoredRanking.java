package org.laurel.ranking;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ranking as the API answers it: the version in force.
 *
 * @param withheld set-aside or returned; null while it counts
 * @param returns how often it was sent back to its annotator
 */
public record StoredRanking(
    UUID id,
    UUID taskId,
    UUID projectId,
    UUID promptId,
    @Nullable UUID annotatorId,
    int version,
    List<List<UUID>> groups,
    List<UUID> displayOrder,
    Map<UUID, Integer> ratings,
    Map<UUID, List<String>> flags,
    @Nullable Integer strength,
    @Nullable String rationale,
    @Nullable Long elapsedMs,
    boolean unrankable,
    @Nullable Integer guidelinesVersion,
    @Nullable String withheld,
    int returns,
    Instant submittedAt,
    Instant updatedAt) {

  /** What a version of a ranking says. */
  public static StoredRanking of(Ranking ranking, RankingVersion version) {
    Judgment said = version.judgment();
    return new StoredRanking(
        ranking.id,
        ranking.taskId,
        ranking.projectId,
        ranking.promptId,
        ranking.annotatorId,
        ranking.version,
        said.groups(),
        version.displayOrder,
        said.ratings(),
        said.flags(),
        said.strength(),
        said.rationale(),
        said.elapsedMs(),
        said.unrankable(),
        ranking.guidelinesVersion,
        ranking.withheld,
        ranking.returns,
        ranking.submittedAt,
        ranking.updatedAt);
  }
}

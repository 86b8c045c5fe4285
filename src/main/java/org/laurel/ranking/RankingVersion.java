package org.laurel.ranking;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** What was submitted, each time it was submitted. */
@Entity
@Immutable
@Table(name = "ranking_version")
@IdClass(RankingVersion.Key.class)
public class RankingVersion extends PanacheEntityBase {

  @Id
  @Column(name = "ranking_id")
  public UUID rankingId;

  @Id
  @Column(name = "version")
  public int version;

  @Column(name = "groups")
  @JdbcTypeCode(SqlTypes.JSON)
  public List<List<UUID>> groups;

  /** The completions as the annotator saw them, first to last. */
  @Column(name = "display_order")
  public List<UUID> displayOrder;

  @Column(name = "ratings")
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<UUID, Integer> ratings;

  @Column(name = "flags")
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<UUID, List<String>> flags;

  @Column(name = "strength")
  public @Nullable Short strength;

  @Column(name = "rationale")
  public @Nullable String rationale;

  @Column(name = "elapsed_ms")
  public @Nullable Long elapsedMs;

  @Column(name = "unrankable")
  public boolean unrankable;

  @Column(name = "author_id")
  public @Nullable UUID authorId;

  @Column(name = "created_at")
  public Instant createdAt;

  /** Names a version. */
  public record Key(UUID rankingId, int version) implements Serializable {}

  /** What rankings say now, in their order, however many, by one query. */
  static List<RankingVersion> inForce(List<Ranking> rankings) {
    Map<UUID, RankingVersion> versions =
        RankingVersion.<RankingVersion>find(
                "from RankingVersion v where v.rankingId in ?1"
                    + " and v.version = (select r.version from Ranking r where r.id = v.rankingId)",
                rankings.stream().map(ranking -> ranking.id).toList())
            .stream()
            .collect(Collectors.toMap(version -> version.rankingId, version -> version));
    return rankings.stream()
        .map(ranking -> Objects.requireNonNull(versions.get(ranking.id)))
        .toList();
  }

  /** What it says. */
  public Judgment judgment() {
    return new Judgment(
        groups,
        ratings,
        flags,
        strength == null ? null : strength.intValue(),
        rationale,
        elapsedMs,
        unrankable);
  }

  static RankingVersion of(
      Ranking ranking, Judgment judgment, List<UUID> displayOrder, @Nullable UUID author) {
    RankingVersion version = new RankingVersion();
    version.rankingId = ranking.id;
    version.version = ranking.version;
    version.groups = judgment.groups();
    version.displayOrder = displayOrder;
    version.ratings = judgment.ratings();
    version.flags = judgment.flags();
    Integer strength = judgment.strength();
    version.strength = strength == null ? null : strength.shortValue();
    version.rationale = judgment.rationale();
    version.elapsedMs = judgment.elapsedMs();
    version.unrankable = judgment.unrankable();
    version.authorId = author;
    version.createdAt = ranking.updatedAt;
    return version;
  }
}

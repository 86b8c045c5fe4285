package org.laurel.project;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What annotators are told, Markdown. A ranking names the version it was made under. */
@Entity
@IdClass(GuidelinesVersion.Key.class)
public class GuidelinesVersion extends PanacheEntityBase {
  @Id public UUID projectId;
  @Id public int version;
  @Column public String text;
  public @Nullable UUID createdBy;
  @Column public Instant createdAt = Instant.now();

  /** The primary key. */
  public record Key(UUID projectId, int version) implements Serializable {}

  static Optional<GuidelinesVersion> inForce(UUID project) {
    return find("projectId = ?1 order by version desc", project).firstResultOptional();
  }

  /** The number of those in force; null if the project has none. */
  public static @Nullable Integer numberInForce(UUID project) {
    return (Integer)
        getEntityManager()
            .createNativeQuery(
                "select max(version) from guidelines_version where project_id = :project",
                Integer.class)
            .setParameter("project", project)
            .getSingleResult();
  }

  static List<GuidelinesVersion> of(UUID project) {
    return list("projectId = ?1 order by version desc", project);
  }
}

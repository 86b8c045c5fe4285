package org.laurel.judge;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.project.Project;

/** What a project's judges are asked; a judging names the version that it used. */
@Entity
@IdClass(RubricVersion.Key.class)
public class RubricVersion extends PanacheEntityBase {
  @Id public UUID projectId;
  @Id public int version;

  @Column(updatable = false)
  public String text;

  public @Nullable UUID createdBy;
  @Column public Instant createdAt = Instant.now();

  /** The primary key. */
  public record Key(UUID projectId, int version) implements Serializable {}

  static Optional<RubricVersion> inForce(UUID project) {
    return find("projectId = ?1 order by version desc", project).firstResultOptional();
  }

  static RubricVersion get(UUID project, int version) {
    return findById(new Key(project, version));
  }

  /** Puts a text in force; the same text again changes nothing. */
  static RubricVersion put(UUID project, String text, UUID author) {
    Project.lock(project);
    Optional<RubricVersion> inForce = inForce(project);
    if (inForce.isPresent() && inForce.get().text.equals(text)) {
      return inForce.get();
    }
    RubricVersion next = new RubricVersion();
    next.projectId = project;
    next.version = inForce.map(earlier -> earlier.version + 1).orElse(1);
    next.text = text;
    next.createdBy = author;
    next.persistAndFlush();
    return next;
  }
}

package org.laurel.project;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Problem;

/**
 * Prompts, the completions that answer them, and the people who rank these under one set of
 * guidelines.
 */
@Entity
public class Project extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column public String name;
  public int completionsPerPrompt = 4;

  /** How many people rank a task that is opened from now on. */
  public int overlap = 1;

  @Column
  @JdbcTypeCode(SqlTypes.JSON)
  public Settings settings = Settings.NONE;

  public boolean demo;
  public @Nullable UUID createdBy;
  @Column public Instant createdAt = Instant.now();
  public @Nullable Instant archivedAt;

  /**
   * @throws Problem 404
   */
  public static Project get(UUID id) {
    return Project.<Project>findByIdOptional(id).orElseThrow(() -> Problem.notFound("project", id));
  }

  /**
   * Lets nobody else change the project, or take its next number of anything, before the
   * transaction ends. To be called before the project is read.
   */
  public static void lock(UUID id) {
    getEntityManager()
        .createNativeQuery("select id from project where id = :id for no key update")
        .setParameter("id", id)
        .getResultList();
  }

  public static Optional<Project> named(String name) {
    return find("name", name).firstResultOptional();
  }

  /**
   * In the order of creation, archived ones left out; those of a member only, where an account is
   * given.
   */
  static List<Project> after(UUID after, int limit, @Nullable UUID member) {
    if (member == null) {
      return find("id > ?1 and archivedAt is null order by id", after).page(0, limit).list();
    }
    return find(
            "id > ?1 and archivedAt is null and id in (select m.projectId from Membership m where m.accountId = ?2)"
                + " order by id",
            after,
            member)
        .page(0, limit)
        .list();
  }

  public Optional<GuidelinesVersion> guidelines() {
    return GuidelinesVersion.inForce(id);
  }

  /** Puts a text in force; the same text again changes nothing. */
  public void setGuidelines(String text, @Nullable UUID author) {
    Optional<GuidelinesVersion> inForce = guidelines();
    if (inForce.isPresent() && inForce.get().text.equals(text)) {
      return;
    }
    GuidelinesVersion next = new GuidelinesVersion();
    next.projectId = id;
    next.version = inForce.map(earlier -> earlier.version + 1).orElse(1);
    next.text = text;
    next.createdBy = author;
    next.persist();
  }
}

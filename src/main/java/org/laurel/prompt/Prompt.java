package org.laurel.prompt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.laurel.tokenizer.Message;
import org.laurel.web.Problem;

/**
 * What a policy is asked: a conversation that ends with a user's turn. A project has each one once.
 */
@Entity
public class Prompt extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(updatable = false)
  public UUID projectId;

  @Column(updatable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public List<Message> messages;

  /** The last user's turn, for lists and search. */
  @Column(updatable = false)
  public String text;

  public @Nullable String language;

  @Column
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> metadata = Map.of();

  /** SHA-256, see {@link Conversation#hash}. */
  @Column(updatable = false)
  public byte[] contentHash;

  /** {@code import}, {@code starter} or {@code playground}. */
  @Column(updatable = false)
  public String origin = "import";

  public @Nullable UUID createdBy;
  @Column public Instant createdAt = Instant.now();
  public @Nullable Instant retiredAt;

  /**
   * @throws Problem 404
   */
  public static Prompt get(UUID id) {
    return Prompt.<Prompt>findByIdOptional(id).orElseThrow(() -> Problem.notFound("prompt", id));
  }

  /** Those of a project that take the most characters, longest first. */
  public static List<Prompt> longest(UUID project, int count) {
    return getEntityManager()
        .createNativeQuery(
            """
            select * from prompt where project_id = :project and retired_at is null
             order by length(messages::text) desc, id limit :count
            """,
            Prompt.class)
        .setParameter("project", project)
        .setParameter("count", count)
        .getResultList();
  }

  static List<Prompt> after(UUID project, UUID after, int limit, @Nullable String search) {
    if (search == null || search.isBlank()) {
      return find("projectId = ?1 and id > ?2 and retiredAt is null order by id", project, after)
          .page(0, limit)
          .list();
    }
    String pattern =
        "%" + search.strip().toLowerCase(Locale.ROOT).replaceAll("([\\\\%_])", "\\\\$1") + "%";
    return find(
            "projectId = ?1 and id > ?2 and retiredAt is null and lower(text) like ?3 escape '\\' order by id",
            project,
            after,
            pattern)
        .page(0, limit)
        .list();
  }
}

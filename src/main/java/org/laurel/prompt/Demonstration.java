package org.laurel.prompt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

/** How a prompt should be answered, written by a person; supervised fine-tuning learns from it. */
@Entity
public class Demonstration extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column(updatable = false)
  public UUID promptId;

  @Column(updatable = false)
  public String text;

  /** SHA-256 of the text. */
  @Column(updatable = false)
  public byte[] contentHash;

  public @Nullable UUID authorId;
  @Column public Instant createdAt = Instant.now();
}

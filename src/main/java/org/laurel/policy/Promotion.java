package org.laurel.policy;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who said when that a policy version is the served one. The newest row is in force; none is ever
 * changed.
 */
@Entity
public class Promotion extends PanacheEntityBase {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public Long id;

  @Column(name = "policy_id", nullable = false)
  public UUID policyId;

  @Column(name = "promoted_by")
  public @Nullable UUID promotedBy;

  @Column(name = "promoted_at", nullable = false)
  public Instant promotedAt = Instant.now();

  /** The promotion in force. */
  public static Optional<Promotion> newest() {
    return find("order by id desc").firstResultOptional();
  }
}

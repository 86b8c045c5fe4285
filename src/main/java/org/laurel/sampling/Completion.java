package org.laurel.sampling;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.laurel.serving.Generation;

/**
 * A text that answers a prompt, with its provenance: a sampled one can be made again from its
 * policy, parameters and seed.
 */
@Entity
@Table(name = "completion")
public class Completion extends PanacheEntityBase {

  /** Random, so that the order of ids tells an annotator nothing. */
  @Id
  @Column(name = "id")
  public UUID id;

  @Column(name = "prompt_id", updatable = false)
  public UUID promptId;

  @Column(name = "text", updatable = false)
  public String text;

  /** {@code sampled} or {@code import}. */
  @Column(name = "origin", updatable = false)
  public String origin;

  @Column(name = "policy_id", updatable = false)
  public @Nullable UUID policyId;

  @Column(name = "sampling_id", updatable = false)
  public @Nullable UUID samplingId;

  @Column(name = "parameters", updatable = false)
  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, Object> parameters = Map.of();

  @Column(name = "seed", updatable = false)
  public @Nullable Long seed;

  /** Sum over the completion's tokens, in nats. */
  @Column(name = "logprob", updatable = false)
  public @Nullable Double logprob;

  @Column(name = "prompt_tokens", updatable = false)
  public @Nullable Integer promptTokens;

  @Column(name = "completion_tokens", updatable = false)
  public @Nullable Integer completionTokens;

  /** {@code stop} or {@code length}; null for an import. */
  @Column(name = "finish_reason", updatable = false)
  public @Nullable String finishReason;

  @Column(name = "created_at", updatable = false)
  public Instant createdAt = Instant.now();

  /** Needed by the object-relational mapper. */
  protected Completion() {}

  /** A completion that a file brought along; not yet stored. */
  public static Completion imported(UUID promptId, String text) {
    Completion completion = new Completion();
    completion.id = UUID.randomUUID();
    completion.promptId = promptId;
    completion.text = text;
    completion.origin = "import";
    return completion;
  }

  /** A completion that a policy drew; not yet stored. */
  static Completion sampled(
      UUID promptId,
      UUID samplingId,
      UUID policyId,
      Map<String, Object> parameters,
      int promptTokens,
      String text,
      Generation generation) {
    Completion completion = new Completion();
    completion.id = UUID.randomUUID();
    completion.promptId = promptId;
    completion.text = text;
    completion.origin = "sampled";
    completion.samplingId = samplingId;
    completion.policyId = policyId;
    completion.parameters = parameters;
    completion.seed = generation.seed();
    completion.logprob = generation.logprob();
    completion.promptTokens = promptTokens;
    completion.completionTokens = generation.tokens().length;
    completion.finishReason = generation.finishReason().name().toLowerCase(Locale.ROOT);
    return completion;
  }

  /** The completions with these ids, in no order. */
  public static List<Completion> withIds(Collection<UUID> ids) {
    return list("id in ?1", ids);
  }
}

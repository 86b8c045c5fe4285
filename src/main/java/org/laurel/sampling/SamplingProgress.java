package org.laurel.sampling;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far a sampling is; done and total count prompts. */
public record SamplingProgress(
    UUID id,
    UUID projectId,
    UUID policyId,
    String status,
    long done,
    long total,
    long passedOver,
    @Nullable String error,
    Map<String, Object> parameters,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  static SamplingProgress of(Sampling sampling) {
    return new SamplingProgress(
        sampling.id,
        sampling.projectId,
        sampling.policyId,
        sampling.status,
        sampling.done,
        sampling.total,
        sampling.passedOver,
        sampling.error,
        sampling.parameters,
        sampling.createdAt,
        sampling.startedAt,
        sampling.finishedAt);
  }
}

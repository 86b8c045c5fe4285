package org.laurel.sampling;

import java.util.List;
import java.util.UUID;

/**
 * A prompt has its completions. Fired within the transaction that stores them, so that what follows
 * from it, the task, is there with them or not at all.
 *
 * @param completions at least two, with different texts
 * @param seats how many people are to rank them
 */
public record PromptSampled(
    UUID projectId,
    UUID promptId,
    UUID samplingId,
    List<Completion> completions,
    int seats,
    int priority) {}

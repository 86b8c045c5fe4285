package org.laurel.sampling;

import java.util.List;
import java.util.UUID;

/**
 * A prompt has its completions. Fired within the transaction that stores them, so that what follows
 * from it, the task, is there with them or not at all.
 *
 * @param sampling that drew them; it says how many people are to rank them
 * @param completions at least two, with different texts
 */
public record PromptSampled(Sampling sampling, UUID promptId, List<Completion> completions) {}

package org.laurel.serving;

/**
 * What a reward model judges, as tokens.
 *
 * @param prompt the rendered prompt, up to where the answer begins
 * @param completion the answer with its end token; the score is read at its last token
 */
@SuppressWarnings("ArrayRecordComponent")
public record PromptCompletion(int[] prompt, int[] completion) {}

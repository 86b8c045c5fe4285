package org.laurel.starter;

/**
 * A prompt of the corpus and one answer to it.
 *
 * @param note what a reader says of the answer, one word
 */
public record Example(String prompt, String completion, String note) {}

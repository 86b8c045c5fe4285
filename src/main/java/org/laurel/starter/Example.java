package org.laurel.starter;

/** A prompt of the corpus and one answer to it. */
public record Example(String prompt, String completion) {}

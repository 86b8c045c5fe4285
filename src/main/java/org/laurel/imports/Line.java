package org.laurel.imports;

import org.jspecify.annotations.Nullable;

/**
 * A line of a file.
 *
 * @param number from 1, empty lines counted
 * @param text without the line's end; null if it could not be read
 * @param fault why it could not be read
 */
record Line(long number, @Nullable String text, @Nullable String fault) {}

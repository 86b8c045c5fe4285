/**
 * Prompts, completions, demonstrations and comparisons read from files, a line at a time, with
 * every fault named by its line.
 */
@NullMarked
package org.laurel.imports;

import org.jspecify.annotations.NullMarked;

/**
 * Tasks: completions of a prompt to be ranked, their seats, and who holds which seat until when.
 */
@NullMarked
package org.laurel.task;

import org.jspecify.annotations.NullMarked;

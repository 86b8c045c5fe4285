/** Demonstrations: how prompts should be answered, written by annotators or imported. */
@NullMarked
package org.laurel.demonstration;

import org.jspecify.annotations.NullMarked;

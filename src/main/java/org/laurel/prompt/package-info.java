/** Prompts, and demonstrations of how to answer them. */
@NullMarked
package org.laurel.prompt;

import org.jspecify.annotations.NullMarked;

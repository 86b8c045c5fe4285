/** Prompts: what policies are asked. */
@NullMarked
package org.laurel.prompt;

import org.jspecify.annotations.NullMarked;

/** Supervised training on text: demonstrations, or whole sequences from fresh weights. */
@NullMarked
package org.laurel.engine.sft;

import org.jspecify.annotations.NullMarked;

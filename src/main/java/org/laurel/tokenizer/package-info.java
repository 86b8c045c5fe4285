/** Text to token ids and back: reading and training tokenizers, rendering conversations. */
@NullMarked
package org.laurel.tokenizer;

import org.jspecify.annotations.NullMarked;

/** The policies behind OpenAI's HTTP shapes, so that its clients talk to them unchanged. */
@NullMarked
package org.laurel.openai;

import org.jspecify.annotations.NullMarked;

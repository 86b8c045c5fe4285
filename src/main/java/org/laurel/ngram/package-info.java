/** How completions are worded, as numbers, and what people's choices say about it. */
@NullMarked
package org.laurel.ngram;

import org.jspecify.annotations.NullMarked;

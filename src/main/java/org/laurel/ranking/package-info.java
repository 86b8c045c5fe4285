/** Rankings: what annotators decided, every version of it, and how far the annotators agree. */
@NullMarked
package org.laurel.ranking;

import org.jspecify.annotations.NullMarked;

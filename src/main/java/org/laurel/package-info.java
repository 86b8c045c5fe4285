/** Laurel: human feedback, from the first vote to a better model. */
@NullMarked
package org.laurel;

import org.jspecify.annotations.NullMarked;

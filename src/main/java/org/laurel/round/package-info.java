/** One turn of the loop: rankings to a snapshot, to a reward model, to a better policy. */
@NullMarked
package org.laurel.round;

import org.jspecify.annotations.NullMarked;

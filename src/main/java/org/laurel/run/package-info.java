/** Training processes of their own: queued, started, watched, cancelled and resumed. */
@NullMarked
package org.laurel.run;

import org.jspecify.annotations.NullMarked;

/** Where a training process begins, whatever kind of run it is. */
@NullMarked
package org.laurel.engine;

import org.jspecify.annotations.NullMarked;

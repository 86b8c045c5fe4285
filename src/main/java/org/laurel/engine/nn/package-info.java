/** The decoder on libtorch: forward pass, parameters, optimiser, precision. */
@NullMarked
package org.laurel.engine.nn;

import org.jspecify.annotations.NullMarked;

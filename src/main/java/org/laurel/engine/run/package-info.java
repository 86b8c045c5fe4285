/** A training run as a directory: its request, checkpoints, metrics, status and artifact. */
@NullMarked
package org.laurel.engine.run;

import org.jspecify.annotations.NullMarked;

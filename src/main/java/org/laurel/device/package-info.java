/** Which kind of processor is asked to train and to serve, and whether a machine has it. */
@NullMarked
package org.laurel.device;

import org.jspecify.annotations.NullMarked;

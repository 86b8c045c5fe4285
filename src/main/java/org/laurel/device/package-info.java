/**
 * Which kind of processor is asked to train and to serve, whether a machine has it, and how many
 * ranks share a training.
 */
@NullMarked
package org.laurel.device;

import org.jspecify.annotations.NullMarked;

/** Policies and reward models answered by ONNX Runtime: batched generation, scoring, rollouts. */
@NullMarked
package org.laurel.serving;

import org.jspecify.annotations.NullMarked;

/** Hidden gold preferences that read text only, annotators who choose by them, and evaluation. */
@NullMarked
package org.laurel.simulation;

import org.jspecify.annotations.NullMarked;

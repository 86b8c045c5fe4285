/**
 * Votes by language models (RLAIF): asked in both orders, calibrated on people's rankings, and
 * never mixed with people's votes unless a round asks for it.
 */
@NullMarked
package org.laurel.judge;

import org.jspecify.annotations.NullMarked;

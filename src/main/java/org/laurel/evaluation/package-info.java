/**
 * Two policies compared by people who are not told whose answer is whose: what decides whether a
 * new one is promoted.
 */
@NullMarked
package org.laurel.evaluation;

import org.jspecify.annotations.NullMarked;

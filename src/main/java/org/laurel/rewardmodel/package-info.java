/**
 * Reward models: every version with the rankings and run it came from, and scoring by one of them.
 */
@NullMarked
package org.laurel.rewardmodel;

import org.jspecify.annotations.NullMarked;

/** Reward models: Bradley-Terry models of what people prefer, trained on rankings. */
@NullMarked
package org.laurel.engine.reward;

import org.jspecify.annotations.NullMarked;

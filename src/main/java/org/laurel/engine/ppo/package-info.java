/** Proximal policy optimisation of a policy against a reward model. */
@NullMarked
package org.laurel.engine.ppo;

import org.jspecify.annotations.NullMarked;

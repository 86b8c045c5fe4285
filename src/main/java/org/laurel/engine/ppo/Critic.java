package org.laurel.engine.ppo;

import org.laurel.engine.nn.Decoder;

/**
 * Tells the values of states.
 *
 * @param network with a score head; the policy itself where they share a trunk
 * @param rewardModel whether it began as the reward model: what it says is then normalised as that
 *     one's scores are, and else a value already
 */
public record Critic(Decoder network, boolean rewardModel) {}

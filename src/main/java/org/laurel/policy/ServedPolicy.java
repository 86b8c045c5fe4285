package org.laurel.policy;

import java.util.List;
import java.util.Set;
import org.laurel.model.ModelConfig;
import org.laurel.serving.Generation;
import org.laurel.serving.OpenModels;
import org.laurel.serving.PolicySession;
import org.laurel.serving.SamplingParameters;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.PromptEncoder;

/** A policy version in use: text in, text out. Closing it only says that this user is done. */
public final class ServedPolicy implements AutoCloseable {
  private final PolicyVersion version;
  private final OpenModels<ServedPolicies.OpenPolicy>.Lease lease;

  ServedPolicy(PolicyVersion version, OpenModels<ServedPolicies.OpenPolicy>.Lease lease) {
    this.version = version;
    this.lease = lease;
  }

  /** The version's row; detached. */
  public PolicyVersion version() {
    return version;
  }

  public PolicySession session() {
    return lease.model().session();
  }

  public PromptEncoder encoder() {
    return lease.model().encoder();
  }

  public ModelConfig config() {
    return session().config();
  }

  /** The most tokens that prompt and completion have together. */
  public int contextLength() {
    return session().longestRow();
  }

  /** Sampling from the whole distribution that ends at the model's end token. */
  public SamplingParameters sampling(int maxNewTokens, long seed) {
    return SamplingParameters.sampled(maxNewTokens, config().eosTokenId(), seed);
  }

  /** The ids of one user turn, ready for the answer. */
  public int[] prompt(String text) {
    return encoder().prompt(text);
  }

  /** The ids of a conversation, ready for the answer. */
  public int[] prompt(List<Message> messages) {
    return encoder().prompt(messages);
  }

  /** The text of a generation without its stop token. */
  public String text(Generation generation) {
    return encoder().tokenizer().decode(generation.text());
  }

  /** The text of new tokens without special ones. */
  public String text(int[] tokens) {
    return encoder().tokenizer().decode(tokens);
  }

  /** The token that ends an answer. */
  public Set<Integer> stopTokens() {
    return Set.of(config().eosTokenId());
  }

  @Override
  public void close() {
    lease.close();
  }
}

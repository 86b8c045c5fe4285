package org.laurel.policy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.laurel.artifact.Artifacts;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.WeightPrecision;
import org.laurel.serving.OpenModels;
import org.laurel.serving.PolicySession;
import org.laurel.tokenizer.PromptEncoder;

/**
 * The policies that answer: each version is opened when first asked for and shared by everybody who
 * uses it. After a promotion new requests get the new version, while those under way end on the old
 * one.
 */
@ApplicationScoped
public class ServedPolicies {
  private final OpenModels<OpenPolicy> open;

  /**
   * @param idle versions kept open that nobody uses at the moment
   * @param precision of the weights of every policy that answers: float32 or int8
   */
  @Inject
  public ServedPolicies(
      Artifacts artifacts,
      @ConfigProperty(name = "laurel.serving.idle-policies", defaultValue = "2") int idle,
      @ConfigProperty(name = "laurel.serving.precision", defaultValue = "float32")
          String precision) {
    PolicySession.Limits limits =
        PolicySession.Limits.standard().withPrecision(WeightPrecision.of(precision));
    open =
        new OpenModels<>(
            idle, hash -> openPolicy(artifacts, hash, limits), policy -> policy.session().isOpen());
  }

  /**
   * Opens what {@link PolicyVersion#named} finds, or nothing if there is no such version. To be
   * closed after use.
   */
  public Optional<ServedPolicy> open(@Nullable String reference) {
    return QuarkusTransaction.joiningExisting()
        .call(() -> PolicyVersion.named(reference))
        .map(this::open);
  }

  /** Opens a version; to be closed after use. Needs no transaction and no request. */
  public ServedPolicy open(PolicyVersion version) {
    return new ServedPolicy(version, open.open(version.artifactHash));
  }

  @PreDestroy
  void close() {
    open.close();
  }

  private static OpenPolicy openPolicy(
      Artifacts artifacts, String hash, PolicySession.Limits limits) {
    ModelDirectory directory = ModelDirectory.open(artifacts.directory(hash));
    try {
      PromptEncoder encoder = PromptEncoder.read(directory.path(), directory.config().eosTokenId());
      return new OpenPolicy(PolicySession.open(directory, limits), encoder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokenizer of policy " + hash, e);
    }
  }

  /** What the versions of one artifact share. */
  record OpenPolicy(PolicySession session, PromptEncoder encoder) implements AutoCloseable {
    @Override
    public void close() {
      session.close();
    }
  }
}

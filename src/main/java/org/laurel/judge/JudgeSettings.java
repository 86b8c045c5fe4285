package org.laurel.judge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.laurel.web.Problem;

/** What the operator says of judges; read anew for each judging. */
@ApplicationScoped
class JudgeSettings {
  private final Config config;

  @Inject
  JudgeSettings(Config config) {
    this.config = config;
  }

  /**
   * LAUREL_JUDGE_ENDPOINT, LAUREL_JUDGE_MODEL, LAUREL_JUDGE_KEY; empty where there is none.
   *
   * @throws Problem 422 if the settings are wrong
   */
  Optional<JudgeEndpoint> endpoint() {
    return text("laurel.judge.endpoint").map(this::endpoint);
  }

  private JudgeEndpoint endpoint(String address) {
    JudgeEndpoint endpoint =
        new JudgeEndpoint(
            uri(address),
            text("laurel.judge.model").orElse(null),
            text("laurel.judge.key").orElse(null),
            duration("laurel.judge.timeout", Duration.ofMinutes(1)),
            duration("laurel.judge.pause", Duration.ofSeconds(1)));
    endpoint
        .fault()
        .ifPresent(
            fault -> {
              throw Problem.invalid(fault);
            });
    return endpoint;
  }

  private static URI uri(String address) {
    try {
      return URI.create(address);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("LAUREL_JUDGE_ENDPOINT is no address");
    }
  }

  private Optional<String> text(String name) {
    return config.getOptionalValue(name, String.class).map(String::strip).filter(t -> !t.isEmpty());
  }

  private Duration duration(String name, Duration otherwise) {
    return config.getOptionalValue(name, Duration.class).orElse(otherwise);
  }
}

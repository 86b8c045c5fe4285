package org.laurel.judge;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible endpoint, as the server's operator names it. Nobody else can: a request that
 * could name an address could make the server call anything in its network.
 *
 * @param address up to and including {@code /v1}
 * @param model asked where a request names none
 * @param key sent to this address alone; kept in memory only
 * @param timeout of one call
 * @param pause before the first repetition; doubles each time
 */
record JudgeEndpoint(
    URI address, @Nullable String model, @Nullable String key, Duration timeout, Duration pause) {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

  /** What is wrong with the settings, as a sentence for the operator. */
  Optional<String> fault() {
    String scheme = address.getScheme();
    boolean https = "https".equalsIgnoreCase(scheme);
    if (address.getHost() == null || !(https || "http".equalsIgnoreCase(scheme))) {
      return Optional.of(
          "LAUREL_JUDGE_ENDPOINT is no address that begins with https:// or http://");
    }
    if (address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      return Optional.of(
          "LAUREL_JUDGE_ENDPOINT has a name, query or fragment in it; a key belongs in LAUREL_JUDGE_KEY");
    }
    if (!https && key != null && !HERE.contains(address.getHost())) {
      return Optional.of(
          "LAUREL_JUDGE_ENDPOINT is not encrypted, and would get LAUREL_JUDGE_KEY in the clear");
    }
    return Optional.empty();
  }

  URI chatCompletions() {
    String base = address.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
  }

  /** Without the key, wherever this is written. */
  @Override
  public String toString() {
    return address.toString();
  }
}

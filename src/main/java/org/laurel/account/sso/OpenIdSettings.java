package org.laurel.account.sso;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * What the operator says of the OpenID provider.
 *
 * @param issuer as the provider spells it, for it is compared letter by letter
 * @param clientSecret null for a public client, which PKCE alone protects
 * @param name what people call the provider; null for "single sign-on"
 * @param trustEmail whether addresses count as verified of which the provider does not say it
 * @param joinDomains of e-mail addresses whose people need no invitation, in lower case
 */
public record OpenIdSettings(
    String issuer,
    String clientId,
    @Nullable String clientSecret,
    @Nullable String name,
    boolean trustEmail,
    Set<String> joinDomains) {
  private static final String ISSUER = "laurel.oidc.issuer";
  private static final String CLIENT_ID = "laurel.oidc.client-id";
  private static final String CLIENT_SECRET = "laurel.oidc.client-secret";
  private static final String NAME = "laurel.oidc.name";
  private static final String TRUST_EMAIL = "laurel.oidc.trust-email";
  private static final String JOIN_DOMAINS = "laurel.oidc.join-domains";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern DOMAIN = Pattern.compile("[^\\s@,.]+(\\.[^\\s@,.]+)+");

  /**
   * LAUREL_OIDC_ISSUER and its companions; empty where there are none.
   *
   * @throws IllegalArgumentException naming the variable that is wrong or missing
   */
  public static Optional<OpenIdSettings> of(Config config) {
    Optional<String> issuer = text(config, ISSUER);
    if (issuer.isEmpty()) {
      for (String other : List.of(CLIENT_ID, CLIENT_SECRET, NAME, TRUST_EMAIL, JOIN_DOMAINS)) {
        require(
            text(config, other).isEmpty(),
            variable(other) + " says nothing without " + variable(ISSUER));
      }
      return Optional.empty();
    }
    require(
        isSafe(issuer.get()),
        "%s must be an address like https://login.example.org, with http on this machine alone, not '%s'"
            .formatted(variable(ISSUER), issuer.get()));
    Optional<String> client = text(config, CLIENT_ID);
    require(client.isPresent(), variable(ISSUER) + " needs " + variable(CLIENT_ID) + " beside it");
    return Optional.of(
        new OpenIdSettings(
            issuer.get(),
            client.orElseThrow(),
            text(config, CLIENT_SECRET).orElse(null),
            text(config, NAME).orElse(null),
            text(config, TRUST_EMAIL).map(OpenIdSettings::isTrue).orElse(false),
            text(config, JOIN_DOMAINS).map(OpenIdSettings::domains).orElse(Set.of())));
  }

  /** Whether people with this address get an account without being invited. */
  boolean joins(String email) {
    String domain = email.substring(email.lastIndexOf('@') + 1).strip();
    return joinDomains.contains(domain.toLowerCase(Locale.ROOT));
  }

  /** Whether what goes to the address can be read on the way by nobody. */
  static boolean isSafe(String address) {
    try {
      URI uri = URI.create(address);
      String host = uri.getHost();
      boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null;
      return host != null
          && plain
          && ("https".equals(uri.getScheme())
              || "http".equals(uri.getScheme()) && THIS_MACHINE.contains(host));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isTrue(String said) {
    require(
        said.equals("true") || said.equals("false"),
        "%s must be true or false, not '%s'".formatted(variable(TRUST_EMAIL), said));
    return said.equals("true");
  }

  private static Set<String> domains(String list) {
    Set<String> domains =
        Arrays.stream(list.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(domain -> !domain.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    require(
        domains.stream().allMatch(domain -> DOMAIN.matcher(domain).matches()),
        "%s must be domains like example.org with commas between them, not '%s'"
            .formatted(variable(JOIN_DOMAINS), list));
    return domains;
  }

  private static Optional<String> text(Config config, String name) {
    return config.getOptionalValue(name, String.class).map(String::strip).filter(t -> !t.isEmpty());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static String variable(String property) {
    return property.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return clientId + " at " + issuer;
  }
}

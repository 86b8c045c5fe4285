package org.laurel.account.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenIdSettingsTest {
  private static final String ISSUER = "https://login.example.org/realms/people";

  @Test
  void nothingSaidIsNoSingleSignOn() {
    assertThat(settings(Map.of())).isEmpty();
    assertThat(settings(Map.of("LAUREL_OIDC_ISSUER", " "))).isEmpty();
  }

  @Test
  void allIsRead() {
    OpenIdSettings settings =
        settings(
                Map.of(
                    "LAUREL_OIDC_ISSUER", ISSUER,
                    "LAUREL_OIDC_CLIENT_ID", "laurel",
                    "LAUREL_OIDC_CLIENT_SECRET", "secret",
                    "LAUREL_OIDC_NAME", "Acme",
                    "LAUREL_OIDC_TRUST_EMAIL", "true",
                    "LAUREL_OIDC_JOIN_DOMAINS", "Example.org, lab.example.com,"))
            .orElseThrow();

    assertThat(settings.issuer()).isEqualTo(ISSUER);
    assertThat(settings.clientId()).isEqualTo("laurel");
    assertThat(settings.clientSecret()).isEqualTo("secret");
    assertThat(settings.name()).isEqualTo("Acme");
    assertThat(settings.trustEmail()).isTrue();
    assertThat(settings.joins("ada@EXAMPLE.org")).isTrue();
    assertThat(settings.joins("ada@lab.example.com")).isTrue();
    assertThat(settings.joins("ada@evil-example.org")).isFalse();
    assertThat(settings.joins("ada@sub.example.org")).isFalse();
    assertThat(settings.joins("ada@example.org@evil.example")).isFalse();
    assertThat(settings.toString()).doesNotContain("secret");
  }

  @Test
  void addressesAreNotTrustedUnlessItIsSaid() {
    assertThat(of(ISSUER).orElseThrow().trustEmail()).isFalse();
    Map<String, String> unclear =
        Map.of(
            "LAUREL_OIDC_ISSUER", ISSUER,
            "LAUREL_OIDC_CLIENT_ID", "laurel",
            "LAUREL_OIDC_TRUST_EMAIL", "yes");
    assertThatThrownBy(() -> settings(unclear))
        .hasMessage("LAUREL_OIDC_TRUST_EMAIL must be true or false, not 'yes'");
  }

  @Test
  void withoutDomainsNobodyJoins() {
    assertThat(of(ISSUER).orElseThrow().joins("ada@example.org")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLIENT_ID", "CLIENT_SECRET", "NAME", "TRUST_EMAIL", "JOIN_DOMAINS"})
  void aHalfIsNamed(String half) {
    assertThatThrownBy(() -> settings(Map.of("LAUREL_OIDC_" + half, "example.org")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LAUREL_OIDC_" + half + " says nothing without LAUREL_OIDC_ISSUER");
  }

  @Test
  void theClientHasAName() {
    assertThatThrownBy(() -> settings(Map.of("LAUREL_OIDC_ISSUER", ISSUER)))
        .hasMessage("LAUREL_OIDC_ISSUER needs LAUREL_OIDC_CLIENT_ID beside it");
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.example.org, true",
    "http://localhost:8180/realms/people, true",
    "http://127.0.0.1:8180, true",
    "http://[::1]:8180, true",
    "http://login.example.org, false",
    "http://localhost.example.org, false",
    "ftp://localhost, false",
    "login.example.org, false",
    "https://, false",
    "https://login.example.org?realm=people, false",
    "not an address, false"
  })
  void whatGoesToTheIssuerCannotBeReadOnTheWay(String issuer, boolean right) {
    if (right) {
      assertThat(of(issuer)).isPresent();
    } else {
      assertThatThrownBy(() -> of(issuer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("LAUREL_OIDC_ISSUER must be ")
          .hasMessageEndingWith("not '" + issuer + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"org", "ada@example.org", "example.org lab.example.com", ".org"})
  void whatIsNoDomainIsNamed(String list) {
    Map<String, String> environment =
        new HashMap<>(Map.of("LAUREL_OIDC_ISSUER", ISSUER, "LAUREL_OIDC_CLIENT_ID", "laurel"));
    environment.put("LAUREL_OIDC_JOIN_DOMAINS", list);
    assertThatThrownBy(() -> settings(environment))
        .hasMessageStartingWith("LAUREL_OIDC_JOIN_DOMAINS must be ")
        .hasMessageEndingWith("not '" + list + "'");
  }

  private static Optional<OpenIdSettings> of(String issuer) {
    return settings(Map.of("LAUREL_OIDC_ISSUER", issuer, "LAUREL_OIDC_CLIENT_ID", "laurel"));
  }

  private static Optional<OpenIdSettings> settings(Map<String, String> environment) {
    return OpenIdSettings.of(
        new SmallRyeConfigBuilder().withSources(new EnvConfigSource(environment, 300)).build());
  }
}

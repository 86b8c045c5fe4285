package org.laurel.account.sso;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the provider says of itself (OpenID Connect Discovery).
 *
 * @param userInfo null if it has none
 * @param clientAuthentication how it lets clients prove themselves
 * @param readAt when it said so
 */
record Discovery(
    OpenIdSettings settings,
    URI authorization,
    URI token,
    @Nullable URI userInfo,
    List<ClientAuthenticationMethod> clientAuthentication,
    IDTokenValidator validator,
    Instant readAt) {
  static final int CONNECT_MILLIS = 3_000;
  static final int READ_MILLIS = 5_000;
  private static final int MOST_BYTES_OF_KEYS = 1 << 20;
  private static final int CLOCK_SKEW_SECONDS = 60;

  /** Those with a key pair: a secret that both sides have would prove nothing. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Stream.of(JWSAlgorithm.Family.RSA, JWSAlgorithm.Family.EC)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  /** Soon, so that no browser is sent to a provider that is down. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  static Discovery of(OpenIdSettings settings) throws ProviderFailure {
    OIDCProviderMetadata metadata = read(settings);
    URI authorization = required(metadata.getAuthorizationEndpointURI(), "authorization");
    URI token = required(metadata.getTokenEndpointURI(), "token");
    URI keys = required(metadata.getJWKSetURI(), "keys");
    URI userInfo = metadata.getUserInfoEndpointURI();
    List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
    return new Discovery(
        settings,
        authorization,
        token,
        userInfo == null ? null : required(userInfo, "user info"),
        methods == null ? List.of() : methods,
        validator(settings, keys),
        Instant.now());
  }

  /** Whether it can be gone by for these settings. */
  boolean holdsFor(OpenIdSettings current) {
    return settings.equals(current) && Instant.now().isBefore(readAt.plus(FRESH));
  }

  /** With the issuer that it is asked by, or it is not taken. */
  private static OIDCProviderMetadata read(OpenIdSettings settings) throws ProviderFailure {
    try {
      return OIDCProviderMetadata.resolve(
          new Issuer(settings.issuer()), CONNECT_MILLIS, READ_MILLIS);
    } catch (IOException e) {
      throw ProviderFailure.unreachable("it cannot be reached: " + e.getMessage());
    } catch (GeneralException e) {
      throw ProviderFailure.unreachable("it does not describe itself: " + e.getMessage());
    }
  }

  private static URI required(@Nullable URI endpoint, String what) throws ProviderFailure {
    if (endpoint == null || !OpenIdSettings.isSafe(withoutQuery(endpoint))) {
      throw ProviderFailure.unreachable("it has no safe address for " + what + ": " + endpoint);
    }
    return endpoint;
  }

  /** Some have a query of their own. */
  private static String withoutQuery(URI endpoint) {
    return endpoint.toString().replaceFirst("\\?.*", "");
  }

  /** The keys are read when they are needed, and again where a token names a new one. */
  private static IDTokenValidator validator(OpenIdSettings settings, URI keys)
      throws ProviderFailure {
    try {
      JWKSource<SecurityContext> source =
          JWKSourceBuilder.create(
                  keys.toURL(),
                  new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES_OF_KEYS))
              .refreshAheadCache(false)
              .retrying(true)
              .build();
      IDTokenValidator validator =
          new IDTokenValidator(
              new Issuer(settings.issuer()),
              new ClientID(settings.clientId()),
              new JWSVerificationKeySelector<>(ALGORITHMS, source),
              null);
      validator.setMaxClockSkew(CLOCK_SKEW_SECONDS);
      return validator;
    } catch (MalformedURLException e) {
      throw ProviderFailure.unreachable("its keys have no address");
    }
  }
}

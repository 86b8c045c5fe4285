package org.laurel.account.sso;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.ClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with the provider: authorization code with PKCE (RFC 7636), then the ID token, checked as
 * OpenID Connect Core 3.1.3.7 says. Its tokens live as long as the call that brings them.
 */
@ApplicationScoped
class OpenIdProvider {
  /** So that a provider which does not answer cannot hold all of the server's threads. */
  private static final int MOST_AT_ONCE = 16;

  private static final Scope SCOPE = new Scope("openid", "email", "profile");

  private final Semaphore free = new Semaphore(MOST_AT_ONCE);
  volatile @Nullable Discovery found;

  /** What is asked of the provider, of which it must not say whether that is done. */
  private interface Talk<T> {
    T with(Discovery provider) throws IOException, ParseException, ProviderFailure;
  }

  /**
   * Where the browser asks for a code.
   *
   * @param back where the provider sends it with the code
   */
  URI authorization(OpenIdSettings settings, String state, ProviderVisit visit, URI back)
      throws ProviderFailure {
    return talk(
        settings,
        provider ->
            new AuthenticationRequest.Builder(
                    ResponseType.CODE, SCOPE, new ClientID(settings.clientId()), back)
                .endpointURI(provider.authorization())
                .state(new State(state))
                .nonce(new Nonce(visit.nonce))
                .codeChallenge(new CodeVerifier(visit.verifier), CodeChallengeMethod.S256)
                .build()
                .toURI());
  }

  /** The person whose sign-in at the provider the code stands for. */
  Person person(OpenIdSettings settings, String code, ProviderVisit visit, URI back)
      throws ProviderFailure {
    return talk(
        settings,
        provider -> {
          OIDCTokens tokens = tokens(settings, provider, code, visit, back);
          IDTokenClaimsSet told = checked(provider, tokens.getIDToken(), visit.nonce);
          ClaimsSet claims =
              told.getStringClaim("email") == null && provider.userInfo() != null
                  ? userInfo(provider.userInfo(), tokens.getAccessToken(), told)
                  : told;
          return new Person(
              settings.issuer(),
              told.getSubject().getValue(),
              claims.getStringClaim("email"),
              isVerified(settings, claims.getClaim("email_verified")),
              claims.getStringClaim("name"));
        });
  }

  private static OIDCTokens tokens(
      OpenIdSettings settings, Discovery provider, String code, ProviderVisit visit, URI back)
      throws IOException, ParseException, ProviderFailure {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), back, new CodeVerifier(visit.verifier));
    ClientID client = new ClientID(settings.clientId());
    String secret = settings.clientSecret();
    TokenRequest request =
        secret == null
            ? new TokenRequest(provider.token(), client, grant)
            : new TokenRequest(provider.token(), proof(provider, client, secret), grant);
    TokenResponse response = OIDCTokenResponseParser.parse(send(request.toHTTPRequest()));
    if (response instanceof OIDCTokenResponse success) {
      return success.getOIDCTokens();
    }
    throw ProviderFailure.refused(
        "it does not take the code: " + response.toErrorResponse().getErrorObject().getCode());
  }

  /** The secret in a header, unless the provider takes it in the form alone. */
  private static ClientAuthentication proof(Discovery provider, ClientID client, String secret) {
    List<ClientAuthenticationMethod> taken = provider.clientAuthentication();
    boolean inForm =
        !taken.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
            && taken.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
    return inForm
        ? new ClientSecretPost(client, new Secret(secret))
        : new ClientSecretBasic(client, new Secret(secret));
  }

  private static IDTokenClaimsSet checked(Discovery provider, JWT token, String nonce)
      throws ProviderFailure {
    try {
      return provider.validator().validate(token, new Nonce(nonce));
    } catch (KeySourceException e) {
      throw ProviderFailure.unreachable("its keys cannot be read");
    } catch (BadJOSEException | JOSEException e) {
      throw ProviderFailure.refused("its ID token is not right: " + e.getMessage());
    }
  }

  /** For providers that keep the ID token short. */
  private static ClaimsSet userInfo(URI endpoint, AccessToken token, IDTokenClaimsSet told)
      throws IOException, ParseException, ProviderFailure {
    UserInfoResponse response =
        UserInfoResponse.parse(send(new UserInfoRequest(endpoint, token).toHTTPRequest()));
    if (!response.indicatesSuccess()) {
      throw ProviderFailure.refused("it does not say who that is");
    }
    UserInfo info = response.toSuccessResponse().getUserInfo();
    if (info == null || !info.getSubject().equals(told.getSubject())) {
      throw ProviderFailure.refused("it speaks of somebody else");
    }
    return info;
  }

  private static HTTPResponse send(HTTPRequest request) throws IOException {
    request.setConnectTimeout(Discovery.CONNECT_MILLIS);
    request.setReadTimeout(Discovery.READ_MILLIS);
    request.setFollowRedirects(false); // a redirect would carry the secret elsewhere
    return request.send();
  }

  /** Some providers send the word, some nothing. */
  private static boolean isVerified(OpenIdSettings settings, @Nullable Object claim) {
    return claim == null
        ? settings.trustEmail()
        : Boolean.TRUE.equals(claim) || "true".equals(claim);
  }

  private <T> T talk(OpenIdSettings settings, Talk<T> talk) throws ProviderFailure {
    if (!free.tryAcquire()) {
      throw ProviderFailure.unreachable("too many wait for it already");
    }
    try {
      return talk.with(discovered(settings));
    } catch (IOException e) {
      throw ProviderFailure.unreachable("it cannot be reached: " + e.getMessage());
    } catch (ParseException | IllegalArgumentException e) { // whose message may quote a token
      throw ProviderFailure.refused("its answer cannot be read");
    } finally {
      free.release();
    }
  }

  /** Asked for once a minute at most, but that two at the same time learn the same. */
  private Discovery discovered(OpenIdSettings settings) throws ProviderFailure {
    Discovery known = found;
    if (known == null || !known.holdsFor(settings)) {
      known = Discovery.of(settings);
      found = known;
    }
    return known;
  }
}

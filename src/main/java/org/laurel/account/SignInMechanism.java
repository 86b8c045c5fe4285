package org.laurel.account;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the credential of a request: a bearer token, else the session's cookie. */
@ApplicationScoped
public class SignInMechanism implements HttpAuthenticationMechanism {
  private static final String BEARER = "bearer ";

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext request, IdentityProviderManager providers) {
    Credential credential = credential(request);
    return credential == null ? Uni.createFrom().nullItem() : providers.authenticate(credential);
  }

  private static @Nullable Credential credential(RoutingContext request) {
    String header = request.request().getHeader("Authorization");
    if (header != null) {
      boolean bearer = header.regionMatches(true, 0, BEARER, 0, BEARER.length());
      return bearer
          ? new Credential(Credential.Kind.TOKEN, header.substring(BEARER.length()).strip())
          : null;
    }
    Cookie cookie = request.request().getCookie(SessionCookie.NAME);
    return cookie == null ? null : new Credential(Credential.Kind.SESSION, cookie.getValue());
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext request) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(Credential.class);
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
    return Uni.createFrom()
        .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "bearer"));
  }
}

package org.laurel.account;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.NewCookie;

/**
 * The cookie of a signed-in browser: out of scripts' reach, and not sent along by other sites'
 * forms.
 */
public final class SessionCookie {
  static final String NAME = "laurel-session";

  private SessionCookie() {}

  public static NewCookie holding(String secret, HttpServerRequest request) {
    return cookie(secret, (int) WebSession.LIFE.toSeconds(), request);
  }

  static NewCookie cleared(HttpServerRequest request) {
    return cookie("", 0, request);
  }

  private static NewCookie cookie(String value, int seconds, HttpServerRequest request) {
    return new NewCookie.Builder(NAME)
        .value(value)
        .path("/")
        .maxAge(seconds)
        .httpOnly(true)
        .secure(isSecure(request))
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }

  /** Whether the browser asks by HTTPS, of us or of the proxy before us. */
  public static boolean isSecure(HttpServerRequest request) {
    return request.isSSL() || "https".equals(request.scheme());
  }
}

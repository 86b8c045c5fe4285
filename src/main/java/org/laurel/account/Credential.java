package org.laurel.account;

import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** What a request brings to be let in: the secret of an API token, or of a session. */
final class Credential extends BaseAuthenticationRequest implements AuthenticationRequest {
  enum Kind {
    TOKEN,
    SESSION
  }

  private final Kind kind;
  private final String secret;

  Credential(Kind kind, String secret) {
    this.kind = kind;
    this.secret = secret;
  }

  Kind kind() {
    return kind;
  }

  String secret() {
    return secret;
  }
}

package org.laurel.account;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Idempotency;

/**
 * Finds the account behind a credential. An unknown, expired or revoked one leaves the request
 * anonymous: public pages still work, everything else asks to sign in.
 */
@ApplicationScoped
public class Credentials implements IdentityProvider<Credential> {
  @Override
  public Class<Credential> getRequestType() {
    return Credential.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      Credential credential, AuthenticationRequestContext context) {
    return context.runBlocking(
        () -> QuarkusTransaction.requiringNew().call(() -> identify(credential)).orElse(ANONYMOUS));
  }

  private static final SecurityIdentity ANONYMOUS =
      QuarkusSecurityIdentity.builder()
          .setPrincipal(new QuarkusPrincipal(""))
          .setAnonymous(true)
          .build();

  private static Optional<SecurityIdentity> identify(Credential credential) {
    if (credential.kind() == Credential.Kind.TOKEN) {
      return ApiToken.valid(credential.secret())
          .flatMap(
              token -> {
                token.used();
                return identity(Account.findById(token.accountId), null, credential);
              });
    }
    return WebSession.valid(credential.secret())
        .flatMap(
            session -> {
              session.seen();
              return identity(Account.findById(session.accountId), session.csrfToken, credential);
            });
  }

  /**
   * @param csrfToken what a cookie session must send back with every change; null for tokens, which
   *     no browser sends by itself
   */
  private static Optional<SecurityIdentity> identity(
      @Nullable Account account, @Nullable String csrfToken, Credential credential) {
    if (account == null || account.isDisabled()) {
      return Optional.empty();
    }
    QuarkusSecurityIdentity.Builder identity =
        QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal(account.email))
            .addRoles(Role.included(account.role))
            .addAttribute("accountId", account.id)
            .addAttribute("name", account.displayName())
            .addAttribute("language", account.language)
            .addAttribute(Idempotency.SEALING_KEY, sealingKey(credential));
    if (csrfToken != null) {
      identity.addAttribute("csrfToken", csrfToken);
    }
    return Optional.of(identity.build());
  }

  /** Not what the database keeps of the secret, and nothing that leads back to it. */
  private static byte[] sealingKey(Credential credential) {
    return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, credential.secret()).hmac("kept answers");
  }
}

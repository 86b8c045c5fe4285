package org.laurel.account;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Passwords against accounts, with a brake on guessing. */
@ApplicationScoped
public class SignIns {
  private final Audit audit;

  @Inject
  SignIns(Audit audit) {
    this.audit = audit;
  }

  /**
   * @param address the network address that asks
   * @return the secret of a new session; empty if the e-mail and the password do not belong
   *     together
   * @throws Problem 429 after too many failures
   */
  public Optional<String> signIn(String email, String password, String address) {
    String known = Account.normalise(email);
    LoginAttempt attempt =
        QuarkusTransaction.requiringNew().call(() -> LoginAttempt.begin(known, address));
    if (QuarkusTransaction.requiringNew().call(attempt::isTooMany)) {
      throw tooMany();
    }
    Optional<Account> account =
        QuarkusTransaction.requiringNew().call(() -> Account.withEmail(known));
    if (account.isEmpty()) {
      PasswordHash.spendTheTimeOfAComparison(password);
      return Optional.empty();
    }
    if (account.get().isDisabled() || !account.get().hasPassword(password)) {
      return Optional.empty();
    }
    return Optional.of(
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  LoginAttempt.succeed(attempt.id);
                  return begin(account.get());
                }));
  }

  /**
   * Notes a try of somebody whose e-mail is not known yet; it counts as failed until {@link
   * #succeed}.
   *
   * @param address the network address that asks
   * @return the try
   * @throws Problem 429 after too many failures of the address, those with passwords included
   */
  public long attempt(String address) {
    LoginAttempt attempt =
        QuarkusTransaction.requiringNew()
            .call(() -> LoginAttempt.begin(LoginAttempt.UNKNOWN, address));
    if (QuarkusTransaction.requiringNew().call(attempt::isTooManyOfAddress)) {
      throw tooMany();
    }
    return attempt.id;
  }

  /** Runs in the caller's transaction. */
  public void succeed(long attempt) {
    LoginAttempt.succeed(attempt);
  }

  private static Problem tooMany() {
    return new Problem(
            429,
            "Too many attempts",
            "too many failed attempts; wait %d minutes and try again"
                .formatted(LoginAttempt.WINDOW.toMinutes()))
        .header("Retry-After", Long.toString(LoginAttempt.WINDOW.toSeconds()));
  }

  /**
   * A session for somebody who has just proved otherwise who it is. Runs in the caller's
   * transaction.
   *
   * @return its secret, for the cookie
   */
  public String begin(Account account) {
    audit.record(account.id, "account.signed-in", "account", account.id, Map.of());
    return WebSession.begin(account);
  }

  @Scheduled(every = "6h", delayed = "15m")
  void tidy() {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              WebSession.endExpired();
              LoginAttempt.forgetOld();
            });
  }
}

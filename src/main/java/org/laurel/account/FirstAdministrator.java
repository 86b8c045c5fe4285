package org.laurel.account;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Audit;

/**
 * Makes the account that can make all others: from LAUREL_ADMIN_EMAIL and its companions, or by a
 * link that is printed while there is no administrator, lives in memory alone and works once.
 */
@ApplicationScoped
public class FirstAdministrator {
  private static final Logger LOG = Logger.getLogger("org.laurel");

  private final Optional<String> email;
  private final Optional<String> password;
  private final Optional<String> token;
  private final Audit audit;
  volatile @Nullable String setUpToken;
  private volatile @Nullable String invitation;

  @Inject
  FirstAdministrator(
      @ConfigProperty(name = "laurel.admin.email") Optional<String> email,
      @ConfigProperty(name = "laurel.admin.password") Optional<String> password,
      @ConfigProperty(name = "laurel.admin.token") Optional<String> token,
      Audit audit) {
    this.email = email;
    this.password = password;
    this.token = token;
    this.audit = audit;
  }

  void prepare(@Observes @Priority(50) StartupEvent start) {
    QuarkusTransaction.requiringNew().run(this::prepare);
  }

  /**
   * Runs in the caller's transaction.
   *
   * @throws IllegalStateException if the address is none
   */
  void prepare() {
    if (exists()) {
      return;
    }
    if (email.isEmpty()) {
      setUpToken = Secret.random();
      return;
    }
    if (!Emails.isOne(email.get())) {
      throw new IllegalStateException(
          "LAUREL_ADMIN_EMAIL must be an e-mail address, not '" + email.get() + "'");
    }
    Account account = create(email.get());
    if (password.isPresent()) {
      account.setPassword(password.get());
    } else {
      invitation = Invitation.path(account);
    }
    token.ifPresent(text -> ApiToken.keep(account, "LAUREL_ADMIN_TOKEN", text));
  }

  void announce(@ObservesAsync HttpServerStart started) {
    String address = "http://localhost:" + started.options().getPort();
    if (setUpToken != null) {
      LOG.infof(
          "Laurel is ready. Make the first administrator at %s/set-up/%s", address, setUpToken);
    } else if (invitation != null) {
      LOG.infof(
          "Laurel is ready. %s chooses a password at %s%s", email.orElse(""), address, invitation);
    } else {
      LOG.infof(
          "Laurel is ready at %s (sign in%s)", address, email.map(e -> " as " + e).orElse(""));
    }
  }

  /** Whether nobody can sign in as administrator before the link in the log was followed. */
  boolean awaited() {
    return setUpToken != null && !exists();
  }

  boolean accepts(String given) {
    String expected = setUpToken;
    return expected != null
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  /** Runs in the caller's transaction; the link works no more. */
  synchronized Optional<Account> setUp(String given, String email, String password) {
    if (!accepts(given) || exists()) {
      return Optional.empty();
    }
    Account account = create(email);
    account.setPassword(password);
    setUpToken = null;
    return Optional.of(account);
  }

  /** Raises the account of that address where there is one: no administrator is left who could. */
  private Account create(String email) {
    Optional<Account> known = Account.withEmail(email);
    Account account = known.orElseGet(() -> Account.create(email, Role.ADMINISTRATOR));
    String before = account.role;
    account.role = Role.ADMINISTRATOR;
    account.enable();
    account.flush();
    WebSession.endAll(account.id);
    audit.record(
        account.id,
        known.isPresent() ? "account.role-changed" : "account.created",
        "account",
        account.id,
        known.isPresent()
            ? Map.of("from", before, "to", account.role)
            : Map.of("role", account.role));
    return account;
  }

  private static boolean exists() {
    return Account.count("role = ?1 and disabledAt is null", Role.ADMINISTRATOR) > 0;
  }
}

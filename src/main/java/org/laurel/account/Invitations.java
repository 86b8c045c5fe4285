package org.laurel.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Audit;
import org.laurel.web.Languages;
import org.laurel.web.Problem;

/**
 * New accounts and the two ways into them, each noted in the audit. Runs in the caller's
 * transaction.
 */
@ApplicationScoped
public class Invitations {
  private final Audit audit;

  @Inject
  Invitations(Audit audit) {
    this.audit = audit;
  }

  /**
   * @throws Problem 422 for what is no e-mail address, no role or no language of ours
   */
  public Account create(String email, String role, @Nullable String language) {
    Emails.check(email);
    if (!Role.ALL.contains(role)) {
      throw Problem.invalid("there is no such role").error("role", "must be one of " + Role.ALL);
    }
    String spoken = language == null ? "en" : spoken(language);
    Account account = Account.create(email, role);
    account.language = spoken;
    account.flush();
    audit.record("account.created", "account", account.id, Map.of("role", role));
    return account;
  }

  /**
   * The language, if Laurel's pages are in it.
   *
   * @throws Problem 422 if they are not
   */
  public static String spoken(String language) {
    if (!Languages.isSpoken(language)) {
      throw Problem.invalid("Laurel does not speak this language")
          .error("language", "must be one of " + Languages.SPOKEN);
    }
    return language;
  }

  /** The path where a password is chosen, once, within two weeks; earlier ones end. */
  public String link(Account account) {
    audit.record("account.invited", "account", account.id, Map.of());
    return Invitation.path(account);
  }

  /** Whether a link of the account can still be used. */
  public boolean isOpen(Account account) {
    return Invitation.isOpen(account.id);
  }

  /**
   * What is open of them is used up by somebody who has proved otherwise to be the one invited; who
   * was signed in before is no more. Nothing happens where none is open.
   */
  public void accept(Account account) {
    if (Invitation.useAll(account.id)) {
      WebSession.endAll(account.id);
      audit.record(account.id, "invitation.accepted", "account", account.id, Map.of());
    }
  }

  /** The text of a new API token. */
  public String token(Account account, String name) {
    audit.record("account.token-issued", "account", account.id, Map.of("name", name));
    return ApiToken.issue(account, name);
  }
}

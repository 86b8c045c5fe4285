package org.laurel.account.sso;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.Emails;
import org.laurel.account.Invitations;
import org.laurel.account.ProviderIdentity;
import org.laurel.account.Role;
import org.laurel.account.SignIns;
import org.laurel.web.Audit;
import org.laurel.web.StorableText;

/**
 * Finds the account of a person whom the provider vouches for. The provider's subject tells people
 * apart; a verified e-mail address is looked at only the first time.
 */
@ApplicationScoped
class Admissions {
  private static final int LONGEST_NAME = 100;

  private final SignIns signIns;
  private final Invitations invitations;
  private final Audit audit;

  @Inject
  Admissions(SignIns signIns, Invitations invitations, Audit audit) {
    this.signIns = signIns;
    this.invitations = invitations;
    this.audit = audit;
  }

  /**
   * @param attempt of {@link SignIns#attempt}
   * @param language of the pages, for a new account
   */
  Admission admit(OpenIdSettings settings, Person person, String language, long attempt) {
    try {
      return decided(settings, person, language, attempt);
    } catch (ConstraintViolationException e) {
      // somebody else was linked or joined just now: the second look finds that
      return decided(settings, person, language, attempt);
    }
  }

  private Admission decided(OpenIdSettings settings, Person person, String language, long attempt) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Optional<ProviderIdentity> known =
                  ProviderIdentity.of(person.issuer(), person.subject());
              if (known.isPresent()) {
                return enter(Account.get(known.get().accountId), attempt);
              }
              String email = person.email();
              if (email == null || !person.verified() || !isUsable(email)) {
                return out(Admission.Reason.UNVERIFIED);
              }
              Optional<Account> account = Account.lockedWithEmail(email);
              if (account.isPresent()) {
                return linked(account.get(), person, attempt);
              }
              return settings.joins(email)
                  ? joined(email, person, language, attempt)
                  : out(Admission.Reason.UNINVITED);
            });
  }

  /** An account that another person of the provider has is given away by a new invitation alone. */
  private Admission linked(Account account, Person person, long attempt) {
    if (account.isDisabled()) {
      return out(Admission.Reason.DISABLED);
    }
    boolean taken = ProviderIdentity.isTaken(account, person.issuer());
    if (taken && !invitations.isOpen(account)) {
      return out(Admission.Reason.TAKEN);
    }
    if (taken) {
      ProviderIdentity.unlink(account, person.issuer());
    }
    invitations.accept(account);
    return link(account, person, attempt);
  }

  private Admission joined(String email, Person person, String language, long attempt) {
    Account account = Account.create(email, Role.ANNOTATOR);
    account.language = language;
    account.flush();
    audit.record(
        account.id, "account.joined", "account", account.id, Map.of("issuer", person.issuer()));
    return link(account, person, attempt);
  }

  private Admission link(Account account, Person person, long attempt) {
    if (account.name == null) {
      account.name = name(person.name());
    }
    ProviderIdentity.link(person.issuer(), person.subject(), account);
    audit.record(
        account.id,
        "account.linked",
        "account",
        account.id,
        Map.of("issuer", person.issuer(), "subject", person.subject()));
    return enter(account, attempt);
  }

  private Admission enter(Account account, long attempt) {
    if (account.isDisabled()) {
      return out(Admission.Reason.DISABLED);
    }
    signIns.succeed(attempt);
    return new Admission.In(signIns.begin(account));
  }

  private static Admission out(Admission.Reason reason) {
    return new Admission.Out(reason);
  }

  private static boolean isUsable(String email) {
    return Emails.isOne(email) && StorableText.fault(email).isEmpty();
  }

  private static @Nullable String name(@Nullable String told) {
    if (told == null || told.isBlank() || StorableText.fault(told).isPresent()) {
      return null;
    }
    String name = told.strip();
    return name.length() > LONGEST_NAME ? null : name;
  }

  @Scheduled(every = "1h", delayed = "15m")
  void tidy() {
    QuarkusTransaction.requiringNew().run(ProviderVisit::endExpired);
  }
}

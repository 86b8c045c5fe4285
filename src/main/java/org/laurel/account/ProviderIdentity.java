package org.laurel.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.annotations.UuidGenerator;

/**
 * Who somebody is at an OpenID provider, and whose account that is here. A person has one account,
 * and an account one person of each provider.
 */
@Entity
public class ProviderIdentity extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column public String issuer;

  /** What the provider calls the person, for ever. */
  @Column public String subject;

  @Column public UUID accountId;
  @Column Instant createdAt = Instant.now();

  public static void link(String issuer, String subject, Account account) {
    ProviderIdentity identity = new ProviderIdentity();
    identity.issuer = issuer;
    identity.subject = subject;
    identity.accountId = account.id;
    identity.persistAndFlush();
  }

  public static Optional<ProviderIdentity> of(String issuer, String subject) {
    return find("issuer = ?1 and subject = ?2", issuer, subject).firstResultOptional();
  }

  /** Whether a person of the provider has the account. */
  public static boolean isTaken(Account account, String issuer) {
    return count("accountId = ?1 and issuer = ?2", account.id, issuer) > 0;
  }

  /** Lets another person of the provider have the account, and ends its sessions. */
  public static void unlink(Account account, String issuer) {
    delete("accountId = ?1 and issuer = ?2", account.id, issuer);
    WebSession.endAll(account.id);
  }

  /** The accounts that a person of some provider has. */
  public static Set<UUID> accounts() {
    return ProviderIdentity.<ProviderIdentity>listAll().stream()
        .map(identity -> identity.accountId)
        .collect(Collectors.toSet());
  }
}

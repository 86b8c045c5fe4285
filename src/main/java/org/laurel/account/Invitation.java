package org.laurel.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

/** A link that lets somebody choose the password of an account, once. */
@Entity
public class Invitation extends PanacheEntityBase {
  private static final Duration LIFE = Duration.ofDays(14);

  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column UUID accountId;
  @Column byte[] tokenHash;
  @Column Instant createdAt = Instant.now();
  @Column Instant expiresAt = Instant.now().plus(LIFE);
  @Nullable Instant usedAt;

  /** The path of the link; earlier ones of this account end. */
  static String path(Account account) {
    update("expiresAt = ?1 where accountId = ?2 and usedAt is null", Instant.now(), account.id);
    String token = Secret.random();
    Invitation invitation = new Invitation();
    invitation.accountId = account.id;
    invitation.tokenHash = Secret.hash(token);
    invitation.persist();
    return "/invitations/" + token;
  }

  static Optional<Account> invited(String token) {
    return find(
            "tokenHash = ?1 and usedAt is null and expiresAt > ?2",
            Secret.hash(token),
            Instant.now())
        .<Invitation>firstResultOptional()
        .flatMap(open -> Account.<Account>findByIdOptional(open.accountId))
        .filter(account -> !account.isDisabled());
  }

  /** Whether a link of the account can still be used. */
  static boolean isOpen(UUID account) {
    return count("accountId = ?1 and usedAt is null and expiresAt > ?2", account, Instant.now())
        > 0;
  }

  /** Uses up all links of the account; false if none was open. */
  static boolean useAll(UUID account) {
    return update(
            "usedAt = ?1 where accountId = ?2 and usedAt is null and expiresAt > ?1",
            Instant.now(),
            account)
        > 0;
  }

  /** False if another request used it first. */
  static boolean use(String token) {
    return update(
            "usedAt = ?1 where tokenHash = ?2 and usedAt is null and expiresAt > ?1",
            Instant.now(),
            Secret.hash(token))
        == 1;
  }
}

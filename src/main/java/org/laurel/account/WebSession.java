package org.laurel.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A signed-in browser. Its cookie holds a secret of which only the hash is kept. */
@Entity
public class WebSession extends PanacheEntityBase {
  static final Duration LIFE = Duration.ofDays(14);

  @Id byte[] idHash;
  @Column UUID accountId;
  @Column String csrfToken;
  @Column Instant createdAt = Instant.now();
  @Column Instant lastSeenAt = Instant.now();
  @Column Instant expiresAt = Instant.now().plus(LIFE);

  /** The text for the cookie. */
  static String begin(Account account) {
    String secret = Secret.random();
    WebSession session = new WebSession();
    session.idHash = Secret.hash(secret);
    session.accountId = account.id;
    session.csrfToken = Secret.random();
    session.persist();
    return secret;
  }

  static Optional<WebSession> valid(String secret) {
    return find("idHash = ?1 and expiresAt > ?2", Secret.hash(secret), Instant.now())
        .firstResultOptional();
  }

  static void end(String secret) {
    delete("idHash", Secret.hash(secret));
  }

  static void endAll(UUID account) {
    delete("accountId", account);
  }

  static long endExpired() {
    return delete("expiresAt < ?1", Instant.now());
  }

  /** Somebody who works every day stays signed in. Written once an hour at most. */
  void seen() {
    Instant now = Instant.now();
    if (lastSeenAt.isBefore(now.minus(Duration.ofHours(1)))) {
      update("lastSeenAt = ?1, expiresAt = ?2 where idHash = ?3", now, now.plus(LIFE), idHash);
    }
  }
}

package org.laurel.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;

/**
 * A try to sign in. Written as failed before the password is looked at, so that simultaneous
 * guesses count as well.
 */
@Entity
public class LoginAttempt extends PanacheEntityBase {
  static final Duration WINDOW = Duration.ofMinutes(15);
  static final int PER_EMAIL = 5;
  static final int PER_ADDRESS = 50;

  /** In place of an e-mail that only a provider will tell. */
  static final String UNKNOWN = "";

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  @Column String email;
  @Column String address;
  boolean succeeded;
  @Column Instant at = Instant.now();

  static LoginAttempt begin(String email, String address) {
    LoginAttempt attempt = new LoginAttempt();
    attempt.email = email;
    attempt.address = address;
    attempt.persistAndFlush();
    return attempt;
  }

  /**
   * Failures since the last success of this e-mail, or too many of this address whatever the
   * e-mails.
   */
  boolean isTooMany() {
    Instant since = at.minus(WINDOW);
    long email =
        count(
            "email = ?1 and not succeeded and at > ?2 and id <= ?3 and id > coalesce((select max(s.id) from LoginAttempt s"
                + " where s.email = ?1 and s.succeeded), 0)",
            this.email,
            since,
            id);
    return email > PER_EMAIL || isTooManyOfAddress();
  }

  /** Too many failures of this address, whatever the e-mails. */
  boolean isTooManyOfAddress() {
    return count(
            "address = ?1 and not succeeded and at > ?2 and id <= ?3",
            address,
            at.minus(WINDOW),
            id)
        > PER_ADDRESS;
  }

  static void succeed(Long id) {
    update("succeeded = true where id = ?1", id);
  }

  static long forgetOld() {
    return delete("at < ?1", Instant.now().minus(Duration.ofDays(30)));
  }
}

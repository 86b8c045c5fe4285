package org.laurel.account.sso;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.laurel.account.Secret;

/** A browser that is at the provider, until it comes back with the state that it left with. */
@Entity
public class ProviderVisit extends PanacheEntityBase {
  static final Duration LIFE = Duration.ofMinutes(10);

  @Id byte[] stateHash;
  @Column byte[] browserHash;

  /** To be found in the ID token, so that no other sign-in's token is taken. */
  @Column String nonce;

  /** Goes with the code, so that nobody else can use that. */
  @Column String verifier;

  /** A path of ours. */
  @Column String returnTo;

  @Column Instant expiresAt = Instant.now().plus(LIFE);

  /**
   * @param browser the secret of the browser's cookie
   */
  static ProviderVisit begin(String state, String browser, String returnTo) {
    ProviderVisit visit = new ProviderVisit();
    visit.stateHash = Secret.hash(state);
    visit.browserHash = Secret.hash(browser);
    visit.nonce = Secret.random();
    visit.verifier = Secret.random();
    visit.returnTo = returnTo;
    visit.persist();
    return visit;
  }

  /** The visit, which then is over; empty if there is none of this browser, or it took too long. */
  static Optional<ProviderVisit> end(String state, String browser) {
    Optional<ProviderVisit> visit =
        ProviderVisit.<ProviderVisit>find(
                "stateHash = ?1 and browserHash = ?2 and expiresAt > ?3",
                Secret.hash(state),
                Secret.hash(browser),
                Instant.now())
            .withLock(LockModeType.PESSIMISTIC_WRITE)
            .firstResultOptional();
    visit.ifPresent(PanacheEntityBase::delete);
    return visit;
  }

  static long endExpired() {
    return delete("expiresAt < ?1", Instant.now());
  }
}

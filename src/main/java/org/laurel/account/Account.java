package org.laurel.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Problem;

/**
 * A person or a program that works with Laurel. Never deleted, for its rankings stay; it can be
 * disabled. Only what was changed is written, so that a new name never brings an older role back.
 */
@Entity
@DynamicUpdate
public class Account extends PanacheEntityBase {
  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  /** Lower case. */
  @Column public String email;

  public @Nullable String name;

  /** One of {@link Role#ALL}. */
  @Column public String role;

  /** Null until one is chosen; who comes by single sign-on alone needs none. */
  @Nullable String passwordHash;

  @Column public String language = "en";

  /** Whether it works in every project, or only where it is a member. */
  public boolean allProjects = true;

  public boolean simulated;

  @Column public Instant createdAt = Instant.now();

  public @Nullable Instant disabledAt;

  public static Account create(String email, String role) {
    Account account = new Account();
    account.email = normalise(email);
    account.role = role;
    account.persist();
    return account;
  }

  public static Optional<Account> withEmail(String email) {
    return find("email", normalise(email)).firstResultOptional();
  }

  /** The account of that address, which nobody else changes before the transaction ends. */
  public static Optional<Account> lockedWithEmail(String email) {
    return Account.<Account>find("email", normalise(email))
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  /**
   * The account for a change of what it may do. It and everybody who can run Laurel are locked
   * until the transaction ends, in the order of their ids, so that nobody waits in a circle: of two
   * administrators who are removed at once the second finds himself the last.
   */
  static Optional<Account> lockedWithAdministrators(UUID id) {
    return Account.<Account>find(
            "(role = ?1 and disabledAt is null) or id = ?2 order by id", Role.ADMINISTRATOR, id)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .list()
        .stream()
        .filter(account -> account.id.equals(id))
        .findFirst();
  }

  /**
   * Lets nobody else take a lease for the account, or change what it may do, before the transaction
   * ends. To be called before the account is read.
   */
  public static void lock(UUID id) {
    getEntityManager()
        .createNativeQuery("select id from account where id = :id for no key update")
        .setParameter("id", id)
        .getResultList();
  }

  public static List<Account> people() {
    return list("order by disabledAt nulls first, role, email");
  }

  /**
   * @throws Problem 404
   */
  public static Account get(UUID id) {
    return Account.<Account>findByIdOptional(id).orElseThrow(() -> Problem.notFound("account", id));
  }

  /** Whether somebody has the account, disabled or not. */
  public static boolean exists(UUID id) {
    return count("id", id) > 0;
  }

  /** In the order in which they were made. */
  public static List<Account> after(UUID after, int limit) {
    return find("id > ?1 order by id", after).page(0, limit).list();
  }

  /** Whether it works in every project, those that are made later included. */
  public boolean isEverywhere() {
    return allProjects || role.equals(Role.ADMINISTRATOR);
  }

  public boolean isDisabled() {
    return disabledAt != null;
  }

  public boolean hasPassword() {
    return passwordHash != null;
  }

  public String displayName() {
    return name == null || name.isBlank() ? email : name;
  }

  /**
   * @param name a blank one is none
   */
  public void rename(@Nullable String name) {
    this.name = name == null || name.isBlank() ? null : name.strip();
  }

  void setPassword(String password) {
    passwordHash = PasswordHash.of(password);
  }

  boolean hasPassword(String password) {
    return passwordHash != null && PasswordHash.matches(password, passwordHash);
  }

  /** Signs it out everywhere and makes its tokens useless. */
  void disable() {
    disabledAt = Instant.now();
    WebSession.endAll(id);
  }

  void enable() {
    disabledAt = null;
  }

  /** True when nobody could run Laurel without this account, {@link #lockedWithAdministrators}. */
  boolean isLastAdministrator() {
    return role.equals(Role.ADMINISTRATOR)
        && count("role = ?1 and disabledAt is null and id <> ?2", Role.ADMINISTRATOR, id) == 0;
  }

  static String normalise(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }
}

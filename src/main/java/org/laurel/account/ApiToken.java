package org.laurel.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

/** Lets a program act as an account: {@code Authorization: Bearer TOKEN}. */
@Entity
public class ApiToken extends PanacheEntityBase {
  /** So that a leaked token can be recognised. */
  private static final String PREFIX = "laurel_";

  @Id
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  public UUID id;

  @Column public UUID accountId;
  @Column public String name;
  @Column byte[] tokenHash;
  @Column public Instant createdAt = Instant.now();
  public @Nullable Instant lastUsedAt;
  @Nullable Instant expiresAt;
  public @Nullable Instant revokedAt;

  /** Makes a token; its text is told this once and never kept. */
  public static String issue(Account account, String name) {
    String token = PREFIX + Secret.random();
    keep(account, name, token);
    return token;
  }

  /** Makes a given text a token of the account, unless it is one already. */
  static void keep(Account account, String name, String token) {
    byte[] hash = Secret.hash(token);
    if (count("tokenHash", hash) > 0) {
      return;
    }
    ApiToken row = new ApiToken();
    row.accountId = account.id;
    row.name = name;
    row.tokenHash = hash;
    row.persist();
  }

  static Optional<ApiToken> valid(String token) {
    return find(
            "tokenHash = ?1 and revokedAt is null and (expiresAt is null or expiresAt > ?2)",
            Secret.hash(token),
            Instant.now())
        .firstResultOptional();
  }

  static List<ApiToken> of(UUID account) {
    return list("accountId = ?1 and revokedAt is null order by id", account);
  }

  /** Once a minute is enough to know whether a token is in use. */
  void used() {
    Instant now = Instant.now();
    if (lastUsedAt == null || lastUsedAt.isBefore(now.minusSeconds(60))) {
      update("lastUsedAt = ?1 where id = ?2", now, id);
    }
  }
}

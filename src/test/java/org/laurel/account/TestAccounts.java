package org.laurel.account;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;

/** Fresh accounts for tests, which share one database. */
public final class TestAccounts {
  public static final String PASSWORD = "correct horse battery";

  private TestAccounts() {}

  /** An account with {@link #PASSWORD}. */
  public static Account create(String role) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Account account =
                  Account.create(role + "-" + UUID.randomUUID() + "@example.org", role);
              account.setPassword(PASSWORD);
              return account;
            });
  }

  public static String token(Account account) {
    return QuarkusTransaction.requiringNew().call(() -> ApiToken.issue(account, "test"));
  }

  /** A request with the API token of the account. */
  public static RequestSpecification as(Account account) {
    return RestAssured.given().header("Authorization", "Bearer " + token(account));
  }

  /** A request of a fresh account with the role. */
  public static RequestSpecification as(String role) {
    return as(create(role));
  }
}

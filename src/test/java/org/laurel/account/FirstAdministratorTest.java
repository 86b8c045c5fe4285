package org.laurel.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.TestTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.laurel.web.Audit;

@QuarkusTest
@TestTransaction
class FirstAdministratorTest {
  private static final String EMAIL = "first@example.org";

  @Inject Audit audit;

  @Test
  void comesFromTheEnvironmentWithItsToken() {
    withoutAdministrators(
        () -> {
          first(EMAIL, TestAccounts.PASSWORD, "token-of-the-environment").prepare();

          Account account = Account.withEmail(EMAIL).orElseThrow();
          assertThat(account.role).isEqualTo(Role.ADMINISTRATOR);
          assertThat(account.hasPassword(TestAccounts.PASSWORD)).isTrue();
          assertThat(ApiToken.valid("token-of-the-environment").orElseThrow().accountId)
              .isEqualTo(account.id);
        });
  }

  @Test
  void anAddressThatIsNoneNamesItsVariable() {
    withoutAdministrators(
        () ->
            assertThatThrownBy(() -> first("bad", TestAccounts.PASSWORD, null).prepare())
                .hasMessage("LAUREL_ADMIN_EMAIL must be an e-mail address, not 'bad'"));
  }

  @Test
  void aSecondStartChangesNothing() {
    withoutAdministrators(
        () -> {
          first(EMAIL, TestAccounts.PASSWORD, null).prepare();
          first(EMAIL, "another password", null).prepare();
          first("second@example.org", "another password", null).prepare();

          assertThat(Account.withEmail(EMAIL).orElseThrow().hasPassword(TestAccounts.PASSWORD))
              .isTrue();
          assertThat(Account.withEmail("second@example.org")).isEmpty();
        });
  }

  @Test
  void raisesTheAccountThatIsThereAlready() {
    withoutAdministrators(
        () -> {
          Account account = Account.create(EMAIL, Role.ANNOTATOR);
          account.disable();
          account.flush();

          first(EMAIL, TestAccounts.PASSWORD, null).prepare();

          assertThat(account.role).isEqualTo(Role.ADMINISTRATOR);
          assertThat(account.isDisabled()).isFalse();
          assertThat(account.hasPassword(TestAccounts.PASSWORD)).isTrue();
        });
  }

  @Test
  void theSetUpLinkWorksOnce() {
    withoutAdministrators(
        () -> {
          FirstAdministrator first = first(null, null, null);
          first.prepare();
          String link = Optional.ofNullable(first.setUpToken).orElseThrow();
          assertThat(first.awaited()).isTrue();

          assertThat(first.setUp("guess", EMAIL, TestAccounts.PASSWORD)).isEmpty();
          assertThat(first.setUp(link, EMAIL, TestAccounts.PASSWORD)).isPresent();
          assertThat(first.setUp(link, "other@example.org", TestAccounts.PASSWORD)).isEmpty();
          assertThat(first.accepts(link)).isFalse();
          assertThat(first.awaited()).isFalse();
        });
  }

  private FirstAdministrator first(
      @Nullable String email, @Nullable String password, @Nullable String token) {
    return new FirstAdministrator(
        Optional.ofNullable(email),
        Optional.ofNullable(password),
        Optional.ofNullable(token),
        audit);
  }

  /**
   * Other tests' administrators are left out for a moment; the test's transaction is rolled back.
   */
  private static void withoutAdministrators(Runnable test) {
    Account.update("role = ?1 where role = ?2", Role.ANNOTATOR, Role.ADMINISTRATOR);
    test.run();
  }
}

package org.laurel.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordHashTest {
  @Test
  void matchesItsOwnPasswordAlone() {
    String hash = PasswordHash.of("a long sentence");

    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("long");
    assertThat(PasswordHash.matches("a long sentence", hash)).isTrue();
    assertThat(PasswordHash.matches("a long sentence ", hash)).isFalse();
    assertThat(PasswordHash.of("a long sentence")).isNotEqualTo(hash);
  }

  /**
   * Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l
   * 32.
   */
  @Test
  void readsWhatTheReferenceImplementationWrote() {
    String reference =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    assertThat(PasswordHash.matches("password", reference)).isTrue();
    assertThat(PasswordHash.matches("Password", reference)).isFalse();
  }
}

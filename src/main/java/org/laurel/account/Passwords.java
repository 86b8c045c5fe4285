package org.laurel.account;

import org.laurel.web.Problem;

/** What a password must be like: long, rather than strange (NIST SP 800-63B). */
final class Passwords {
  static final int SHORTEST = 10;
  static final int LONGEST = 200;

  private Passwords() {}

  static void check(String password, String email) {
    if (password.length() < SHORTEST || password.length() > LONGEST) {
      throw Problem.invalid(
              "the password must have %d to %d characters".formatted(SHORTEST, LONGEST))
          .error("password", "must have %d to %d characters".formatted(SHORTEST, LONGEST));
    }
    if (password.equalsIgnoreCase(email) || password.chars().distinct().count() < 4) {
      throw Problem.invalid("the password is too easy to guess")
          .error("password", "is too easy to guess");
    }
  }
}

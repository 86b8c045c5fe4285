package org.laurel.account;

import java.util.regex.Pattern;
import org.laurel.web.Problem;

/** E-mail addresses, checked loosely: only a message can tell whether one exists. */
public final class Emails {
  private static final Pattern SHAPE = Pattern.compile("[^\\s@<>\"]{1,64}@[^\\s@<>\"]{1,190}");

  private Emails() {}

  public static boolean isOne(String email) {
    return SHAPE.matcher(email.strip()).matches();
  }

  static void check(String email) {
    if (!isOne(email)) {
      throw Problem.invalid("this is not an e-mail address")
          .error("email", "is not an e-mail address");
    }
  }
}

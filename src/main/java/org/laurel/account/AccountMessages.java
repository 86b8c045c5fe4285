package org.laurel.account;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** The words of signing in, which annotators see; the texts stand in ui/messages. */
@MessageBundle(value = "account", locale = "en")
public interface AccountMessages {
  @Message
  String signIn();

  @Message
  String signInLede();

  @Message
  String email();

  @Message
  String password();

  @Message
  String newPassword();

  @Message
  String passwordHint();

  @Message
  String name();

  @Message
  String nameHint();

  @Message
  String mismatch();

  @Message
  String throttled();

  @Message
  String forgotten();

  @Message
  String welcome();

  @Message
  String welcomeLede(String email);

  @Message
  String begin();
}

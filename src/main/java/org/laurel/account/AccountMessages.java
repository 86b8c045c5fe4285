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
  String signInWith(String provider);

  @Message
  String signInWithSso();

  @Message
  String orWithPassword();

  @Message
  String ssoDenied();

  @Message
  String ssoFailed();

  @Message
  String ssoEnded();

  @Message
  String ssoUnreachable();

  @Message
  String ssoUnverified();

  @Message
  String ssoDisabled();

  @Message
  String ssoTaken();

  @Message
  String uninvited();

  @Message
  String uninvitedLede(String email);

  @Message
  String uninvitedHint();

  @Message
  String back();

  @Message
  String forgotten();

  @Message
  String notSetUp();

  @Message
  String welcome();

  @Message
  String welcomeLede(String email);

  @Message
  String begin();

  @Message
  String account();

  @Message
  String accountLede();

  @Message
  String saveChanges();

  @Message
  String language();

  @Message
  String currentPassword();

  @Message
  String changePassword();

  @Message
  String noPassword();

  @Message
  String wrongPassword();

  @Message
  String weakPassword();

  @Message
  String passwordLede();

  @Message
  String tokens();

  @Message
  String tokensLede();

  @Message
  String tokenName();

  @Message
  String newToken();

  @Message
  String tokenOnce();

  @Message
  String lastUsed();

  @Message
  String never();

  @Message
  String revoke();
}

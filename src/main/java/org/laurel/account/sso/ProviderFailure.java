package org.laurel.account.sso;

/** The provider cannot be reached, or what it says cannot be believed. Its tokens are not in it. */
final class ProviderFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unreachable;

  private ProviderFailure(String message, boolean unreachable) {
    super(message);
    this.unreachable = unreachable;
  }

  static ProviderFailure unreachable(String why) {
    return new ProviderFailure(why, true);
  }

  static ProviderFailure refused(String why) {
    return new ProviderFailure(why, false);
  }

  boolean isUnreachable() {
    return unreachable;
  }
}

package org.laurel.account.sso;

/** Whether a person whom the provider vouches for is let in. */
sealed interface Admission {
  /**
   * @param session its secret, for the cookie
   */
  record In(String session) implements Admission {}

  record Out(Reason reason) implements Admission {}

  enum Reason {
    /** Nobody says that the address is theirs. */
    UNVERIFIED,
    /** Neither known, nor invited, nor of a domain whose people join. */
    UNINVITED,
    /** The account may not sign in. */
    DISABLED,
    /** The account of the address is that of somebody else at the provider. */
    TAKEN
  }
}

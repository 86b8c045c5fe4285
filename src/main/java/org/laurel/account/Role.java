package org.laurel.account;

import java.util.List;
import java.util.Set;

/** What an account may do. Each role can do what the ones before it can. */
public final class Role {
  /** Ranks. */
  public static final String ANNOTATOR = "annotator";

  /** Also sees and judges what others ranked. */
  public static final String REVIEWER = "reviewer";

  /** Also runs projects, rounds, policies and accounts. */
  public static final String ADMINISTRATOR = "administrator";

  public static final List<String> ALL = List.of(ANNOTATOR, REVIEWER, ADMINISTRATOR);

  private Role() {}

  /** The role and those it includes. */
  static Set<String> included(String role) {
    return Set.copyOf(ALL.subList(0, ALL.indexOf(role) + 1));
  }
}

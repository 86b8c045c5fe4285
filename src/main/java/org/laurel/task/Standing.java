package org.laurel.task;

/** How an annotator stands in a project after its silent checks. */
public enum Standing {
  GOOD,

  /** Has failed some, and is asked to read the guidelines again. */
  WARNED,

  /** Has failed so many that there are no more tasks until a reviewer lets them in again. */
  PAUSED;

  /**
   * @param failed checks since the annotator was last let in
   */
  public static Standing after(int failed, int warn, int pause) {
    if (pause > 0 && failed >= pause) {
      return PAUSED;
    }
    return warn > 0 && failed >= warn ? WARNED : GOOD;
  }
}

package org.laurel.artifact;

/** An artifact that a version names is not in the store, or is no longer what its hash says. */
public class MissingArtifact extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MissingArtifact(String message) {
    super(message);
  }
}

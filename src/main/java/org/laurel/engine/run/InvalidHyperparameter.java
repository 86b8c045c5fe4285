package org.laurel.engine.run;

/** A hyperparameter that is not what it may be. */
public final class InvalidHyperparameter extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String name;
  private final String fault;

  /**
   * @param name of the hyperparameter
   * @param fault what it must be, as what follows the name in a sentence
   */
  public InvalidHyperparameter(String name, String fault) {
    super(name + " " + fault);
    this.name = name;
    this.fault = fault;
  }

  /** Which one. */
  public String name() {
    return name;
  }

  /** The message without the name. */
  public String fault() {
    return fault;
  }
}

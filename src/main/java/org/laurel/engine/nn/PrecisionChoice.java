package org.laurel.engine.nn;

/**
 * What a person may ask for as precision of training. Names no library, so a server can read it.
 */
public enum PrecisionChoice {
  /** The faster one, found by a short measurement on the machine that trains. */
  AUTO,
  FLOAT32,
  BFLOAT16
}

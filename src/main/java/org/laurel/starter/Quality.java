package org.laurel.starter;

import java.util.random.RandomGenerator;

/**
 * How good an answer will be. The axes are drawn independently of the question, so that several
 * answers to one prompt differ and give a person a real choice.
 *
 * @param points share of the content's points that are told, 0 to 1
 * @param tip whether the tip is added
 * @param layout how points are joined
 * @param rambling whether fillers and repetitions are woven in
 * @param cut whether the answer breaks off in the middle of a sentence
 */
record Quality(
    Tone tone,
    Truth truth,
    double points,
    boolean tip,
    Layout layout,
    boolean rambling,
    boolean cut) {

  enum Tone {
    KIND,
    PLAIN,
    CURT
  }

  enum Truth {
    RIGHT,
    WRONG,
    OFF_TOPIC,
    VAGUE,
    REFUSED
  }

  enum Layout {
    PLAIN,
    CONNECTED,
    NUMBERED
  }

  /** One answer in five is good in every respect; the others are flawed along several axes. */
  static Quality draw(RandomGenerator random) {
    double layout = random.nextDouble();
    Layout how = layout < 0.45 ? Layout.PLAIN : layout < 0.8 ? Layout.CONNECTED : Layout.NUMBERED;
    if (random.nextDouble() < 0.2) {
      Tone tone = random.nextDouble() < 0.7 ? Tone.KIND : Tone.PLAIN;
      return new Quality(tone, Truth.RIGHT, 1, random.nextBoolean(), how, false, false);
    }
    double tone = random.nextDouble();
    double truth = random.nextDouble();
    double points = random.nextDouble();
    return new Quality(
        tone < 0.3 ? Tone.KIND : tone < 0.72 ? Tone.PLAIN : Tone.CURT,
        truth < 0.56
            ? Truth.RIGHT
            : truth < 0.7
                ? Truth.WRONG
                : truth < 0.78 ? Truth.OFF_TOPIC : truth < 0.93 ? Truth.VAGUE : Truth.REFUSED,
        points < 0.35 ? 0 : points < 0.7 ? 0.5 : 1,
        random.nextDouble() < 0.3,
        how,
        random.nextDouble() < 0.18,
        random.nextDouble() < 0.1);
  }
}

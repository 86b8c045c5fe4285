package org.laurel.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.laurel.starter.Quality.Truth;

/**
 * A reader's note about an answer, one word after the end token.
 *
 * <p>A policy stops at the end token, so nothing but padding would ever follow it, and its hidden
 * state would mean nothing. A reward model reads exactly there. Notes about one random side of the
 * answer teach that state what the answer is like; which side a person prefers they do not say.
 */
final class Note {

  private static final int SHORT = 18;
  private static final int LONG = 45;

  private Note() {}

  static String draw(Quality quality, String answer, RandomGenerator random) {
    List<String> sides = new ArrayList<>();
    sides.add(
        switch (quality.tone()) {
          case KIND -> "kind";
          case PLAIN -> "plain";
          case CURT -> "curt";
        });
    sides.add(
        switch (quality.truth()) {
          case RIGHT -> "right";
          case WRONG -> "wrong";
          case OFF_TOPIC -> "strange";
          case VAGUE -> "vague";
          case REFUSED -> "refused";
        });
    // What an answer is about is the hardest to see and matters to everybody: noted twice as often.
    sides.add(sides.get(1));
    if (quality.truth() != Truth.VAGUE && quality.truth() != Truth.REFUSED) {
      sides.add(quality.points() == 0 ? "bare" : quality.points() < 1 ? "half" : "complete");
    }
    sides.add(quality.rambling() ? "rambling" : "straight");
    sides.add(quality.cut() ? "cut" : "finished");
    int words = answer.split("\\s+").length;
    sides.add(words < SHORT ? "short" : words > LONG ? "long" : "medium");
    return Asking.pick(sides, random);
  }
}

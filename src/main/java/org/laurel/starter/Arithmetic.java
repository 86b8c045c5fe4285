package org.laurel.starter;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Questions about small sums, whose answers are right or a little wrong. The numbers stay so small
 * that a policy of a few million weights meets each sum several times and can know it by heart.
 */
final class Arithmetic {

  static final String TOPIC = "arithmetic";

  /** Beside the weights of the topics in {@code starter/index.txt}. */
  static final int WEIGHT = 8;

  private static final List<String> ASKS =
      List.of(
          "What is %s?",
          "How much is %s?",
          "Can you calculate %s?",
          "Please tell me what %s is.",
          "I need the result of %s.",
          "Quick question: what is %s?");
  private static final List<String> VAGUE =
      List.of(
          "It is a number below two hundred.",
          "Numbers are not easy.",
          "It depends on how you count.",
          "It is more than you think.");
  private static final List<String> CURT = List.of("Use a calculator.", "Count your fingers.");

  private Arithmetic() {}

  static Question draw(RandomGenerator random) {
    int a = 1 + random.nextInt(10);
    int b = 1 + random.nextInt(10);
    int error = random.nextBoolean() ? 1 + random.nextInt(3) : -1 - random.nextInt(3);
    return switch (random.nextInt(4)) {
      case 0 -> question(a + " plus " + b, a + b, error, "%d minus " + b + " is " + a, random);
      case 1 ->
          question((a + b) + " minus " + b, a, error, "%d plus " + b + " is " + (a + b), random);
      case 2 ->
          question(a + " times " + b, a * b, error, "%d divided by " + b + " is " + a, random);
      default -> question("half of " + 2 * a, a, error, "two times %d is " + 2 * a, random);
    };
  }

  private static Question question(
      String sum, int result, int error, String check, RandomGenerator random) {
    return new Question(
        TOPIC,
        "en",
        Topic.Style.PROSE,
        ASKS.get(random.nextInt(ASKS.size())).formatted(sum),
        "",
        content(sum, result, check),
        content(sum, Math.max(0, result + error), check),
        VAGUE,
        CURT);
  }

  private static Content content(String sum, int result, String check) {
    return new Content(
        Sentence.capital(sum) + " is " + result + ".",
        List.of("You can check it, because " + check.formatted(result) + "."),
        "Small sums are a good exercise for the head.");
  }
}

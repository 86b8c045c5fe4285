package org.laurel.starter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The training text of the starter policy: questions of everyday life and answers of visibly
 * different quality, put together from authored sentences.
 *
 * <p>Every example is drawn from a seed alone, so the same seed gives the same corpus. One question
 * in {@value #HELD_OUT_ONE_IN} (told by its core, without greeting and context) never appears: the
 * demo prompts come from there.
 */
public final class Corpus {

  static final int HELD_OUT_ONE_IN = 12;

  private final List<Topic> topics = Knowledge.topics();
  private final int totalWeight = topics.stream().mapToInt(Topic::weight).sum();
  private final Map<String, Manner> manners = new LinkedHashMap<>();

  public Corpus() {
    topics.forEach(topic -> manners.computeIfAbsent(topic.language(), Manner::of));
  }

  /** Endless examples of the given seed, without the held-out questions. */
  public Stream<Example> examples(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    return Stream.generate(() -> example(random));
  }

  private Example example(RandomGenerator random) {
    Question question = question(random);
    while (isHeldOut(question.core())) {
      question = question(random);
    }
    Manner manner = manner(question);
    String prompt = question.core();
    String aside = "";
    double extra = random.nextDouble();
    if (extra < 0.15 || question.topic().equals("messages")) {
      prompt = vary(prompt, random);
    } else if (extra < 0.3) {
      prompt = manner.pick("greeting", random) + " " + prompt;
    } else if (extra < 0.5 && question.style() == Topic.Style.STEPS) {
      String[] context = manner.pick("context", random).split(" = ", 2);
      prompt = random.nextBoolean() ? prompt + " " + context[0] : context[0] + " " + prompt;
      aside = context[1];
    }
    Question elsewhere = question(random);
    while (elsewhere.topic().equals(question.topic())
        || !elsewhere.language().equals(question.language()) && !question.language().equals("fr")) {
      elsewhere = question(random);
    }
    // The one French topic strays within itself: an English sentence would look like a bug.
    Content stray = question.language().equals("fr") ? question.wrong() : elsewhere.right();
    Quality quality = Quality.draw(random);
    String answer = new AnswerWriter(manner).write(question, quality, aside, stray, random);
    RandomGenerator reader = new SplittableRandom(31L * prompt.hashCode() + answer.hashCode());
    return new Example(prompt, answer, Note.draw(quality, answer, reader));
  }

  /** A question from anywhere in the corpus, held out or not. */
  Question question(RandomGenerator random) {
    int draw = random.nextInt(totalWeight + Arithmetic.WEIGHT);
    for (Topic topic : topics) {
      draw -= topic.weight();
      if (draw < 0) {
        return Asking.draw(topic, random);
      }
    }
    return Arithmetic.draw(random);
  }

  private Manner manner(Question question) {
    Manner manner = manners.get(question.language());
    if (manner == null) {
      throw new IllegalStateException("no manner for language " + question.language());
    }
    return manner;
  }

  /** People type as they like: a small first letter, no question mark. */
  private static String vary(String prompt, RandomGenerator random) {
    String varied = random.nextBoolean() ? Sentence.lower(prompt) : prompt;
    return random.nextBoolean() ? varied.replaceAll(" ?[?.]$", "") : varied;
  }

  /** Whether a question is kept out of the training text. */
  static boolean isHeldOut(String core) {
    // String.hashCode is fixed by the Java specification; the multiplication spreads its low bits.
    return Integer.remainderUnsigned(core.hashCode() * 0x9E3779B1 >>> 8, HELD_OUT_ONE_IN) == 0;
  }
}

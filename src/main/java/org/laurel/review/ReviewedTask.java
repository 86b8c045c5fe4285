package org.laurel.review;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A task with everything that was said of it, as its page shows it.
 *
 * @param agreement share of pairs judged alike among the rankings that count; a dash below two
 * @param said everybody's, in the order of the seats
 * @param pairs of answers that the rankings that count do not all judge alike
 * @param blind whether nobody is to know who wrote what, since two policies are compared
 * @param settlements the orders by which reviewers settled it, the newest first
 * @param check what people made of it as a silent check; null if it is none
 * @param checkable whether it could be made one
 */
public record ReviewedTask(
    UUID id,
    List<Message> messages,
    List<Answer> answers,
    String agreement,
    int counted,
    List<Said> said,
    List<Pair> pairs,
    boolean blind,
    List<Settlement> settlements,
    @Nullable CheckedTask check,
    boolean checkable) {

  /** The order that counts; null where people's rankings do. */
  public @Nullable Settlement settled() {
    return settlements.stream().filter(Settlement::counts).findFirst().orElse(null);
  }

  /** What does not count any more. */
  public List<Settlement> earlierSettlements() {
    return settlements.stream().filter(one -> !one.counts()).toList();
  }

  /** Of the settlement that counts; 0 where there is none. */
  public int version() {
    Settlement settled = settled();
    return settled == null ? 0 : settled.version();
  }

  /** A message of the prompt, its Markdown as safe HTML. */
  public record Message(String role, String html) {}

  /**
   * A completion.
   *
   * @param letter by which the rankings name it, the same for everybody
   * @param policy who wrote it; empty if not known
   * @param text as it was written
   * @param html its Markdown as safe HTML
   */
  public record Answer(UUID id, String letter, String policy, String text, String html) {}

  /**
   * An order that a reviewer gave.
   *
   * @param rungs best first; empty where nothing can be ranked
   * @param strength from 1 to 4; null if not said
   * @param by name or e-mail address; empty for an import
   * @param withdrawnBy who took it back or gave another one; empty if not known
   * @param withdrawnAt null while it counts
   * @param groups completion ids as JSON, for the form
   */
  public record Settlement(
      int version,
      boolean unrankable,
      List<Rung> rungs,
      @Nullable Integer strength,
      String reason,
      String by,
      Instant at,
      String withdrawnBy,
      @Nullable Instant withdrawnAt,
      String groups) {

    public boolean counts() {
      return withdrawnAt == null;
    }

    /** In letters: B › A = C. */
    public String order() {
      return ReviewedTask.order(rungs);
    }
  }

  /**
   * One person's ranking.
   *
   * @param by name or e-mail address; empty for an import
   * @param person null for an import
   * @param withheld set-aside or returned; empty while it counts
   * @param note why
   * @param withheldBy who withheld it; empty if not known
   * @param form what it says now
   * @param earlier what it said before, newest first
   * @param shown the answers' letters as they stood on the person's page
   */
  public record Said(
      UUID id,
      String by,
      @Nullable UUID person,
      boolean simulated,
      boolean fast,
      boolean asShown,
      String withheld,
      String note,
      String withheldBy,
      @Nullable Instant withheldAt,
      int version,
      Form form,
      List<Form> earlier,
      String shown,
      @Nullable Integer guidelinesVersion,
      Instant at) {

    public boolean counts() {
      return withheld.isEmpty();
    }
  }

  /**
   * A version of a ranking.
   *
   * @param rungs best first; empty where nothing could be ranked
   * @param loose answers without a place that have marks or flags all the same
   * @param strength how much better the best is, in words; empty if not said
   * @param time taken
   */
  public record Form(
      int version,
      boolean unrankable,
      List<Rung> rungs,
      List<Card> loose,
      String strength,
      String rationale,
      String time,
      Instant at) {

    /** In letters: B › A = C. */
    public String order() {
      return ReviewedTask.order(rungs);
    }
  }

  private static String order(List<Rung> rungs) {
    return rungs.stream()
        .map(rung -> String.join(" = ", rung.cards().stream().map(Card::letter).toList()))
        .collect(Collectors.joining(" › "));
  }

  /** A place and the answers on it, several if tied. */
  public record Rung(int place, List<Card> cards) {}

  /**
   * An answer as one person marked it.
   *
   * @param mark 1 to 7; null if none was given
   */
  public record Card(String letter, @Nullable Integer mark, List<String> flags) {}

  /** How many found the one answer better, both alike, the other better. */
  public record Pair(String one, String other, long better, long even, long worse) {}
}

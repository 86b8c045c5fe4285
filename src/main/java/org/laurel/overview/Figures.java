package org.laurel.overview;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.ranking.Audits;
import org.laurel.ranking.CheckFigures;
import org.laurel.ranking.ModelRow;
import org.laurel.ranking.ProjectStatistics;
import org.laurel.ranking.Statistics;
import org.laurel.web.Shown;

/**
 * The statistics of a project's rankings, put into words and numbers for its page.
 *
 * @param percent of the rankings that people are asked for
 * @param ranked how many of those were given
 * @param seats how many are wanted
 * @param imported how many came with a file, beside those; empty if none
 * @param asked whether any are wanted beyond the imported ones
 * @param counting whether all but the counts of rankings are of earlier ones, as many as {@code
 *     counted} says; empty for none
 * @param agreement share of equal verdicts, the ceiling of a reward model's accuracy
 * @param upper how often the completion shown further up was preferred
 * @param longer how often the longer one was
 * @param returned rankings sent back to their annotators; empty if none
 * @param setAside rankings that do not count otherwise; empty if none
 */
record Figures(
    int percent,
    String ranked,
    String seats,
    String imported,
    boolean asked,
    boolean counting,
    String counted,
    String comparisons,
    String ties,
    String agreement,
    String agreementInterval,
    String alpha,
    long tasksWithSeveral,
    String medianTime,
    String slowTime,
    long fast,
    Tendency upper,
    Tendency longer,
    String contradicting,
    List<Person> people,
    List<Model> models,
    String returned,
    String setAside) {

  /** Whether somebody ranked a task that a reviewer has settled. */
  public boolean settled() {
    return people.stream().anyMatch(Person::judged);
  }

  /** A rate beside the half that chance would give. */
  record Tendency(String rate, String interval, boolean suspicious, boolean known) {}

  /**
   * A row of the annotators' table.
   *
   * @param checks null where they ranked none
   * @param rightPairs share of the pairs in checks; a dash where they ranked none
   */
  record Person(
      UUID id,
      String name,
      boolean simulated,
      long rankings,
      long skips,
      String medianTime,
      String fast,
      String agreement,
      String agreementInterval,
      String adjudicated,
      String adjudicatedInterval,
      @Nullable CheckFigures checks,
      String rightPairs) {

    boolean judged() {
      return !adjudicatedInterval.isEmpty();
    }

    public boolean someFast() {
      return !fast.equals(Shown.UNKNOWN) && !fast.equals("0");
    }
  }

  /** How people like the imported answers of a model beside those of others. */
  record Model(String name, String pairs, String rate, String interval) {}

  static Figures of(ProjectStatistics.Latest latest) {
    Statistics of = latest.statistics();
    Statistics.Counts counts = of.counts();
    boolean known = latest.current() || latest.rankings() > 0;
    long given = counts.rankings() - counts.imported();
    long wanted = counts.seats() - counts.imported();
    return new Figures(
        Percent.of(given, wanted),
        Shown.count(given),
        Shown.count(wanted),
        counts.imported() == 0 ? "" : Shown.count(counts.imported()),
        wanted > 0,
        !latest.current(),
        latest.rankings() == 0 ? "" : Shown.count(latest.rankings()),
        known ? Shown.count(counts.comparisons()) : Shown.UNKNOWN,
        known ? Shown.count(counts.ties()) : Shown.UNKNOWN,
        Shown.share(of.agreement().rate()),
        Shown.interval(of.agreement().low(), of.agreement().high()),
        Shown.two(of.agreement().alpha()),
        of.agreement().tasks(),
        Shown.time(of.time().medianMs()),
        Shown.time(of.time().p90Ms()),
        of.time().fast(),
        tendency(of.position().upperChosen()),
        tendency(of.length()),
        of.consistency().pairs() == 0
            ? Shown.share(null)
            : Shown.share((double) of.consistency().opposite() / of.consistency().pairs()),
        of.annotators().stream().map(Figures::person).toList(),
        of.models().stream().map(Figures::model).toList(),
        counts.returned() == 0 ? "" : Shown.count(counts.returned()),
        counts.setAside() == 0 ? "" : Shown.count(counts.setAside()));
  }

  private static Tendency tendency(Audits.Bias bias) {
    return new Tendency(
        Shown.share(bias.rate()),
        Shown.interval(bias.low(), bias.high()),
        bias.suspicious(),
        bias.pairs() > 0);
  }

  private static Model model(ModelRow row) {
    return new Model(
        row.model(),
        Shown.count(row.pairs()),
        Shown.share(row.rate()),
        Shown.interval(row.low(), row.high()));
  }

  private static Person person(Statistics.AnnotatorRow row) {
    var agreement = row.agreement();
    var adjudicated = row.adjudicated();
    String name = row.name();
    return new Person(
        row.id(),
        name == null || name.isBlank() ? row.email() : name,
        row.simulated(),
        row.rankings(),
        row.skips(),
        Shown.time(row.time().medianMs()),
        row.time().medianMs() == null ? Shown.UNKNOWN : Shown.count(row.time().fast()),
        Shown.share(agreement == null ? null : agreement.rate()),
        agreement == null ? "" : Shown.interval(agreement.low(), agreement.high()),
        Shown.share(adjudicated == null ? null : adjudicated.rate()),
        adjudicated == null ? "" : Shown.interval(adjudicated.low(), adjudicated.high()),
        row.checks(),
        Shown.share(row.checks() == null ? null : row.checks().right()));
  }
}

package org.laurel.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Simulated annotators, each with an account of their own, working through the HTTP API at once as
 * people would.
 *
 * @param project where they work
 * @param annotators how many
 * @param gold what they choose by
 * @param accuracy how often a pair is ordered as the gold preference does, 0.5 to 1
 * @param seed of all; annotator i draws from a seed made of this and i
 * @param rankings how many all of them give together at most
 * @param delayMs time that reading a task takes, milliseconds
 */
public record Simulation(
    UUID project,
    int annotators,
    GoldPreference gold,
    double accuracy,
    long seed,
    long rankings,
    long delayMs) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they make no sense
   */
  public Simulation {
    if (annotators < 1 || annotators > 1000) {
      throw new IllegalArgumentException("annotators must be between 1 and 1000");
    }
    if (!(accuracy >= 0.5 && accuracy <= 1)) {
      throw new IllegalArgumentException("accuracy must be between 0.5 and 1");
    }
    if (rankings < 1 || delayMs < 0) {
      throw new IllegalArgumentException("rankings must be positive, delay not negative");
    }
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /**
   * What came of it; {@link Shift.Report} says what the counts mean.
   *
   * @param seconds from the first request for a task to the last acknowledgement
   * @param agreement between the annotators on shared tasks, from the server's statistics; NaN if
   *     none was ranked twice
   */
  public record Outcome(
      long acknowledged,
      long lost,
      long surplus,
      long conflicts,
      long retries,
      long pairs,
      long right,
      List<Long> leaseMs,
      List<Long> submitMs,
      double seconds,
      double agreement) {

    /** Whether every acknowledged vote is stored, and no other. */
    public boolean sound() {
      return lost == 0 && surplus == 0;
    }

    /** Share of pairs ordered as the gold preference does; NaN without a pair. */
    public double pairAccuracy() {
      return pairs == 0 ? Double.NaN : (double) right / pairs;
    }
  }

  /**
   * Creates the annotators and lets them work.
   *
   * @param administrator an API of an administrator
   * @throws IOException if the server refuses something or does not answer in time
   */
  public Outcome run(LaurelApi administrator) throws IOException, InterruptedException {
    AtomicLong left = new AtomicLong(rankings);
    List<Shift> shifts = new ArrayList<>();
    String batch = UUID.randomUUID().toString().substring(0, 8);
    for (int i = 0; i < annotators; i++) {
      LaurelApi api = administrator.as(hire(administrator, batch, i));
      SimulatedAnnotator chooser = new SimulatedAnnotator(gold, accuracy, seed + i * GOLDEN_GAMMA);
      shifts.add(new Shift(api, project, gold, chooser, left, delayMs));
    }
    long start = System.nanoTime();
    List<Shift.Report> reports = work(shifts);
    double seconds = (System.nanoTime() - start) / 1e9;
    JsonNode statistics =
        administrator
            .get("/api/projects/" + project + "/statistics")
            .expected("asking for the statistics");
    return new Outcome(
        sum(reports.stream().map(Shift.Report::acknowledged)),
        sum(reports.stream().map(Shift.Report::lost)),
        sum(reports.stream().map(Shift.Report::surplus)),
        sum(reports.stream().map(Shift.Report::conflicts)),
        sum(reports.stream().map(Shift.Report::retries)),
        sum(reports.stream().map(Shift.Report::pairs)),
        sum(reports.stream().map(Shift.Report::right)),
        reports.stream().flatMap(r -> r.leaseMs().stream()).sorted().toList(),
        reports.stream().flatMap(r -> r.submitMs().stream()).sorted().toList(),
        seconds,
        statistics.path("agreement").path("rate").asDouble(Double.NaN));
  }

  /** An account; the answer is its token. */
  private String hire(LaurelApi administrator, String batch, int number)
      throws IOException, InterruptedException {
    Map<String, Object> annotator = new HashMap<>();
    annotator.put("email", "simulated-" + batch + "-" + (number + 1) + "@example.org");
    annotator.put("name", "Simulated " + (number + 1) + " (" + gold.name() + ")");
    annotator.put("project", project.toString());
    annotator.put("simulated", true);
    return administrator
        .post("/api/annotators", annotator)
        .expected("creating an annotator")
        .path("token")
        .asText();
  }

  private static List<Shift.Report> work(List<Shift> shifts)
      throws IOException, InterruptedException {
    ExecutorService people = Executors.newFixedThreadPool(shifts.size());
    try {
      List<Shift.Report> reports = new ArrayList<>();
      for (Future<Shift.Report> shift : people.invokeAll(shifts)) {
        reports.add(shift.get());
      }
      return reports;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause() == null ? e : e.getCause());
    } finally {
      people.shutdownNow();
    }
  }

  private static long sum(Stream<Long> counts) {
    return counts.mapToLong(Long::longValue).sum();
  }
}

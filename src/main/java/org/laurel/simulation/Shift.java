package org.laurel.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One simulated annotator at work: takes a task, ranks it, sends the ranking, takes the next, until
 * nothing is left or enough is ranked. Then they look whether everything the server acknowledged is
 * still there.
 */
final class Shift implements Callable<Shift.Report> {

  /**
   * What came of it.
   *
   * @param acknowledged rankings that the server said it stored
   * @param lost acknowledged ones that are not there or say something else
   * @param surplus rankings that the server counts for this annotator beyond those they sent
   * @param conflicts rankings refused since the lease had run out
   * @param pairs pairs of completions with different gold scores in their rankings
   * @param right those they ordered as the gold preference does
   * @param leaseMs times from asking for a task to having it
   * @param submitMs times from sending a ranking to its acknowledgement
   */
  record Report(
      long acknowledged,
      long lost,
      long surplus,
      long conflicts,
      long retries,
      long pairs,
      long right,
      List<Long> leaseMs,
      List<Long> submitMs) {}

  private final LaurelApi api;
  private final UUID project;
  private final GoldPreference gold;
  private final SimulatedAnnotator annotator;
  private final AtomicLong left;
  private final long delayMs;

  private final Map<String, List<String>> acknowledged = new LinkedHashMap<>();
  private final List<Long> leaseMs = new ArrayList<>();
  private final List<Long> submitMs = new ArrayList<>();
  private long conflicts;
  private long pairs;
  private long right;

  /**
   * @param left rankings still wanted from all annotators together
   * @param delayMs time that reading takes, milliseconds
   */
  Shift(
      LaurelApi api,
      UUID project,
      GoldPreference gold,
      SimulatedAnnotator annotator,
      AtomicLong left,
      long delayMs) {
    this.api = api;
    this.project = project;
    this.gold = gold;
    this.annotator = annotator;
    this.left = left;
    this.delayMs = delayMs;
  }

  @Override
  public Report call() throws IOException, InterruptedException {
    while (left.getAndDecrement() > 0) {
      long start = System.nanoTime();
      LaurelApi.Answer task = api.post("/api/projects/" + project + "/tasks/lease", Map.of());
      if (task.status() == 204 || task.status() == 403) { // none is left, or paused
        left.incrementAndGet();
        break;
      }
      JsonNode leased = task.expected("asking for a task");
      leaseMs.add(millisSince(start));
      if (!rank(leased)) {
        left.incrementAndGet();
      }
    }
    long lost = 0;
    for (Map.Entry<String, List<String>> vote : acknowledged.entrySet()) {
      lost += isStored(vote.getKey(), vote.getValue()) ? 0 : 1;
    }
    JsonNode progress = api.get("/api/projects/" + project + "/progress").expected("progress");
    long surplus = progress.path("submitted").asLong() - acknowledged.size();
    return new Report(
        acknowledged.size(),
        lost,
        Math.max(0, surplus),
        conflicts,
        api.retries(),
        pairs,
        right,
        leaseMs,
        submitMs);
  }

  /** Whether the server took the ranking. */
  private boolean rank(JsonNode task) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    String prompt = lastUserMessage(task.path("prompt"));
    List<String> ids = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (JsonNode completion : task.path("completions")) {
      ids.add(completion.path("id").asText());
      texts.add(completion.path("text").asText());
    }
    List<Integer> order = annotator.rank(prompt, texts);
    Thread.sleep(delayMs);
    String id = task.path("id").asText();
    List<String> ranked = order.stream().map(ids::get).toList();
    Map<String, Object> ranking =
        Map.of("groups", ranked.stream().map(List::of).toList(), "elapsedMs", millisSince(begun));
    long start = System.nanoTime();
    LaurelApi.Answer answer = api.put("/api/tasks/" + id + "/ranking", ranking);
    if (answer.status() == 409) {
      conflicts++;
      return false;
    }
    answer.expected("ranking task " + id);
    submitMs.add(millisSince(start));
    acknowledged.put(id, ranked);
    count(prompt, texts, order);
    return true;
  }

  private void count(String prompt, List<String> texts, List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        double better = gold.score(prompt, texts.get(order.get(i)));
        double worse = gold.score(prompt, texts.get(order.get(j)));
        if (better != worse) {
          pairs++;
          right += better > worse ? 1 : 0;
        }
      }
    }
  }

  private boolean isStored(String task, List<String> ranked)
      throws IOException, InterruptedException {
    LaurelApi.Answer answer = api.get("/api/tasks/" + task + "/ranking");
    List<String> stored = new ArrayList<>();
    answer.body().path("groups").forEach(group -> stored.add(group.path(0).asText()));
    return answer.status() == 200 && stored.equals(ranked);
  }

  private static String lastUserMessage(JsonNode prompt) {
    if (prompt.isTextual()) {
      return prompt.asText();
    }
    String last = "";
    for (JsonNode message : prompt) {
      if (message.path("role").asText().equals("user")) {
        last = message.path("content").asText();
      }
    }
    return last;
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}

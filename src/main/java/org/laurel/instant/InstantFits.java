package org.laurel.instant;

import io.quarkus.logging.Log;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.laurel.instant.Readings.Reading;
import org.laurel.preference.DenseBradleyTerry;

/**
 * Keeps an instant fit of every project that somebody looks at, or that hands out uncertain tasks
 * first. Completions are read in the background, one project after the other; a fit is made again
 * when its comparisons have changed.
 */
@ApplicationScoped
class InstantFits {
  private final EntityManager database;
  private final Readings readings;
  private final OpenTasks openTasks;
  private final Map<UUID, State> states = new ConcurrentHashMap<>();
  private final Set<UUID> asked = ConcurrentHashMap.newKeySet();
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(work -> daemon(new Thread(work, "instant-fit")));

  @Inject
  InstantFits(EntityManager database, Readings readings, OpenTasks openTasks) {
    this.database = database;
    this.readings = readings;
    this.openTasks = openTasks;
  }

  private static Thread daemon(Thread thread) {
    thread.setDaemon(true);
    return thread;
  }

  /**
   * How far a project's fit is.
   *
   * @param choices that the fit rests on, or will
   * @param read completions read so far, of {@code toRead}
   * @param fit of those choices, or of those before; null until they are read
   * @param posterior of the same
   */
  record State(
      List<Choice> choices,
      int read,
      int toRead,
      @Nullable InstantFit fit,
      @Nullable DenseBradleyTerry posterior) {

    /** The same fit while other choices are being read. */
    static State reading(List<Choice> choices, int read, int toRead, @Nullable State before) {
      return before == null
          ? new State(choices, read, toRead, null, null)
          : new State(choices, read, toRead, before.fit, before.posterior);
    }
  }

  /** The newest fit; has it made, or made again, where the comparisons have changed. */
  State of(UUID project) {
    List<Choice> choices = Choice.of(database, project);
    if (!isCurrent(project, choices) && !choices.isEmpty()) {
      inTheBackground(project, () -> make(project, choices));
    }
    State known = states.get(project);
    return known == null ? State.reading(choices, 0, completions(choices).size(), null) : known;
  }

  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void judgeOpenTasks() {
    openTasks.wanted().forEach(this::judgeOpenTasks);
  }

  /**
   * Says of the project's open tasks how uncertain the newest fit is, once it rests on enough. Both
   * are one piece of work: while people vote, there is a newer fit to be made at every look.
   */
  void judgeOpenTasks(UUID project) {
    List<Choice> choices = Choice.of(database, project);
    if (choices.size() >= Advice.FEW) {
      inTheBackground(
          project,
          () -> {
            if (!isCurrent(project, choices)) {
              make(project, choices);
            }
            State made = states.get(project);
            if (made != null && made.posterior() != null) {
              openTasks.judge(project, made.posterior(), this::goesOn);
            }
          });
    }
  }

  private boolean isCurrent(UUID project, List<Choice> choices) {
    State known = states.get(project);
    return known != null && known.fit() != null && known.choices().equals(choices);
  }

  private interface Work {
    void run() throws IOException;
  }

  /** One thing at a time for a project: what is asked meanwhile is asked again anyway. */
  private void inTheBackground(UUID project, Work work) {
    if (asked.add(project)) {
      reader.execute(
          () -> {
            try {
              work.run();
            } catch (IOException | RuntimeException e) {
              Log.errorf(e, "The instant fit of project %s could not be made", project);
            } finally {
              asked.remove(project);
            }
          });
    }
  }

  private static Set<UUID> completions(List<Choice> choices) {
    Set<UUID> completions = new LinkedHashSet<>();
    choices.forEach(choice -> completions.addAll(List.of(choice.chosen(), choice.rejected())));
    return completions;
  }

  private void make(UUID project, List<Choice> choices) throws IOException {
    Set<UUID> completions = completions(choices);
    int all = completions.size();
    State before = states.get(project);
    Map<UUID, Reading> read =
        readings.of(
            completions,
            count -> states.put(project, State.reading(choices, count, all, before)),
            this::goesOn);
    if (goesOn()) {
      DenseBradleyTerry posterior = InstantFit.posterior(choices, read);
      InstantFit fit = InstantFit.of(choices, read, posterior);
      states.put(project, new State(choices, all, all, fit, posterior));
    }
  }

  private boolean goesOn() {
    return !reader.isShutdown();
  }

  /** Waits for the batch that is being read: the runtime must not be gone beneath it. */
  @PreDestroy
  void close() throws InterruptedException {
    reader.shutdownNow();
    reader.awaitTermination(10, TimeUnit.SECONDS);
  }
}

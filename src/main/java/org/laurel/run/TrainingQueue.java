package org.laurel.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Starts queued runs as processes, a few at a time, and sees to it that every one of them ends:
 * finished, failed or cancelled. It looks at the database and the processes once a second and
 * remembers nothing else, so it makes no difference whether the server was restarted meanwhile: a
 * process that lives is watched on, one that died is started again from its last checkpoint.
 */
@ApplicationScoped
public class TrainingQueue {
  private static final Duration SAVING_TIME = Duration.ofSeconds(60);
  private static final Duration ENDING_TIME = Duration.ofSeconds(20);

  private final Machine machine;
  private final RunFolders folders;
  private final RunInputs inputs;
  private final TrainedVersions versions;
  private final DataSource database;
  private final Path home;
  private final int atOnce;
  private final int threads;
  private final String heap;
  private final int mostDeaths;
  private final Map<UUID, Instant> cancelSeen = new ConcurrentHashMap<>();

  @Inject
  TrainingQueue(
      Machine machine,
      RunFolders folders,
      RunInputs inputs,
      TrainedVersions versions,
      DataSource database,
      @ConfigProperty(name = "laurel.home") Path home,
      @ConfigProperty(name = "laurel.training.at-once", defaultValue = "1") int atOnce,
      @ConfigProperty(name = "laurel.training.threads") Optional<Integer> threads,
      @ConfigProperty(name = "laurel.training.heap", defaultValue = "1536m") String heap,
      @ConfigProperty(name = "laurel.training.deaths", defaultValue = "3") int mostDeaths) {
    this.machine = machine;
    this.folders = folders;
    this.inputs = inputs;
    this.versions = versions;
    this.database = database;
    this.home = home.toAbsolutePath();
    this.atOnce = atOnce;
    this.threads = threads.orElse(Runtime.getRuntime().availableProcessors());
    this.heap = heap;
    this.mostDeaths = mostDeaths;
  }

  @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void look() {
    for (Run run : QuarkusTransaction.requiringNew().call(() -> Run.running(machine.name()))) {
      try {
        watch(run);
      } catch (RuntimeException | IOException e) {
        Log.errorf(e, "Watching the run %s failed; it is tried again", run.id);
      }
    }
    for (short slot = 1; slot <= atOnce; slot++) {
      start(slot);
    }
  }

  private void watch(Run run) throws IOException {
    RunFolder folder = folders.of(run.id);
    Optional<ProcessHandle> process = TrainingProcess.find(run.processId, run.processStart);
    if (process.isPresent() || folder.isLocked()) {
      if (run.cancelRequested) {
        stop(run, folder, process);
      }
      return;
    }
    cancelSeen.remove(run.id);
    catchUp(run, folder);
    JsonNode status = folder.status();
    String state = status.path("status").asText();
    if (state.equals("finished")) {
      finish(run, folder);
    } else if (run.cancelRequested || state.equals("cancelled")) {
      end(run, RunStatus.CANCELLED, null);
    } else if (state.equals("failed")) {
      end(
          run,
          RunStatus.FAILED,
          status.path("error").asText("the training failed without saying why"));
    } else {
      goOn(run, folder);
    }
  }

  /** First the trainer is asked to save itself, then its process to end, then it is killed. */
  private void stop(Run run, RunFolder folder, Optional<ProcessHandle> process) {
    Instant now = Instant.now();
    Instant seen = cancelSeen.putIfAbsent(run.id, now);
    if (seen == null) {
      folder.requestCancel();
      return;
    }
    Duration since = Duration.between(seen, now);
    if (since.compareTo(SAVING_TIME.plus(ENDING_TIME)) > 0) {
      process.ifPresent(ProcessHandle::destroyForcibly);
    } else if (since.compareTo(SAVING_TIME) > 0) {
      process.ifPresent(ProcessHandle::destroy);
    }
  }

  /**
   * Its process died: another goes on from the last checkpoint, unless that has come to nothing
   * several times.
   */
  private void goOn(Run run, RunFolder folder) {
    boolean further = run.step > run.attemptStep;
    int deaths = run.attempt == 0 ? 0 : (further ? 1 : run.deaths + 1);
    if (deaths >= mostDeaths) {
      end(
          run,
          RunStatus.FAILED,
          "the training process died " + deaths + " times at step " + run.step + lastWords(folder));
      return;
    }
    Log.warnf("The process of run %s died at step %d; another goes on", run.id, run.step);
    launch(run.id, deaths);
  }

  private static String lastWords(RunFolder folder) {
    String[] lines = folder.logTail().strip().split("\n", -1);
    String last = lines[lines.length - 1].strip();
    return last.isEmpty() ? " and printed nothing" : "; the last it printed: " + last;
  }

  private void start(short slot) {
    Optional<UUID> next = QuarkusTransaction.requiringNew().call(() -> claim(slot));
    next.ifPresent(run -> launch(run, 0));
  }

  /**
   * Takes the oldest queued run into a free slot. Several servers may try: the database lets one
   * have it.
   */
  private Optional<UUID> claim(short slot) {
    if (Run.count(
            "status = ?1 and machine = ?2 and slot = ?3", RunStatus.RUNNING, machine.name(), slot)
        > 0) {
      return Optional.empty();
    }
    @SuppressWarnings("unchecked")
    Optional<UUID> queued =
        Run.getEntityManager()
            .createNativeQuery(
                "select id from run where status = 'queued' order by created_at, id limit 1"
                    + " for update skip locked",
                UUID.class)
            .getResultStream()
            .findFirst();
    queued.ifPresent(
        id -> {
          Run run = Run.findById(id);
          run.status = RunStatus.RUNNING;
          run.machine = machine.name();
          run.slot = slot;
          run.startedAt = run.startedAt == null ? Instant.now() : run.startedAt;
        });
    return queued;
  }

  private void launch(UUID id, int deaths) {
    Run run =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  Run started = Run.locked(id);
                  started.attempt++;
                  started.deaths = deaths;
                  started.attemptStep = started.step;
                  started.processId = null;
                  started.processStart = null;
                  return started;
                });
    try {
      RunFolder folder = folders.of(id);
      inputs.prepare(run, folder);
      folder.begin();
      ProcessHandle process = TrainingProcess.start(folder, home, threads, heap);
      Instant start = process.info().startInstant().orElseGet(Instant::now);
      QuarkusTransaction.requiringNew()
          .run(
              () ->
                  Run.update(
                      "processId = ?1, processStart = ?2 where id = ?3", process.pid(), start, id));
      Log.infof(
          "Run %s (%s) trains in process %d, attempt %d", id, run.kind, process.pid(), run.attempt);
    } catch (IOException | RuntimeException e) {
      Log.errorf(e, "Run %s could not be started", id);
      end(run, RunStatus.FAILED, "it could not be started: " + e.getMessage());
    }
  }

  private void finish(Run run, RunFolder folder) {
    try {
      versions.register(run, folder);
      Log.infof("Run %s finished", run.id);
    } catch (IOException | RuntimeException e) {
      Log.errorf(e, "The result of run %s could not be kept", run.id);
      end(run, RunStatus.FAILED, "its result could not be kept: " + e.getMessage());
    }
  }

  /** What the training wrote after it last reached the database. */
  private void catchUp(Run run, RunFolder folder) throws IOException {
    try (Connection connection = database.getConnection()) {
      new RunRecord(run.id, folder).copy(connection);
    } catch (SQLException e) {
      throw new IOException("cannot store the figures of run " + run.id, e);
    }
    Run now = QuarkusTransaction.requiringNew().call(() -> Run.findById(run.id));
    run.step = now.step;
    run.totalSteps = now.totalSteps;
  }

  private static void end(Run run, RunStatus how, @Nullable String why) {
    QuarkusTransaction.requiringNew().run(() -> Run.locked(run.id).end(how, why));
  }
}

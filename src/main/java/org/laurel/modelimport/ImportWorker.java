package org.laurel.modelimport;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.laurel.database.WorkThread;
import org.laurel.run.Machine;

/**
 * Runs this machine's imports one after the other in a thread of its own. Those that were under way
 * when the server went down come first: their files are still in the data folder.
 */
@ApplicationScoped
class ImportWorker {
  /** How long an import waits at most after the database was away. */
  private static final long LOOK_SECONDS = 10;

  private final ImportJob job;
  private final ImportFolders folders;
  private final Machine machine;
  private final WorkThread thread = new WorkThread("policy-imports", LOOK_SECONDS, this::runOne);

  @Inject
  ImportWorker(ImportJob job, ImportFolders folders, Machine machine) {
    this.job = job;
    this.folders = folders;
    this.machine = machine;
  }

  void start(@Observes StartupEvent event) {
    List<UUID> waiting =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    PolicyImport.<PolicyImport>list(
                            "machine = ?1 and finishedAt is null", machine.name())
                        .stream()
                        .map(waits -> waits.id)
                        .toList());
    try {
      folders.keepOnly(waiting);
    } catch (IOException e) {
      Log.warnf("files of earlier imports stay behind: %s", e.getMessage());
    }
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    thread.stop();
  }

  /** There is an import that has been committed. */
  void wake() {
    thread.wake();
  }

  /** Whether there was an import to run. */
  private boolean runOne() throws InterruptedException {
    try {
      Optional<PolicyImport> next =
          QuarkusTransaction.requiringNew().call(() -> PolicyImport.next(machine.name()));
      if (next.isPresent()) {
        job.run(next.get().id);
        return true;
      }
    } catch (RuntimeException e) {
      Log.error("imports wait", e);
    }
    return false;
  }
}

package org.laurel.sampling;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.sql.DataSource;
import org.laurel.database.WaitingRows;

/** Runs samplings one after the other, each on one server. */
@ApplicationScoped
public class SamplingWorker {
  private final WaitingRows samplings;

  @Inject
  SamplingWorker(
      DataSource database, SamplingJob job, TransactionSynchronizationRegistry transactions) {
    samplings = new WaitingRows("sampling", database, transactions, job::run);
  }

  void start(@Observes StartupEvent event) {
    samplings.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    samplings.stop();
  }

  /** Looks for work as soon as the running transaction is committed, instead of seconds later. */
  public void wakeAfterCommit() {
    samplings.wakeAfterCommit();
  }
}

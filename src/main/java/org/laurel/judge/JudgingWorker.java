package org.laurel.judge;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.sql.DataSource;
import org.laurel.database.WaitingRows;

/** Runs judgings one after the other, each on one server. */
@ApplicationScoped
class JudgingWorker {
  private final WaitingRows judgings;

  @Inject
  JudgingWorker(
      DataSource database, JudgingJob job, TransactionSynchronizationRegistry transactions) {
    judgings = new WaitingRows("judging", database, transactions, job::run);
  }

  void start(@Observes StartupEvent event) {
    judgings.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    judgings.stop();
  }

  void wakeAfterCommit() {
    judgings.wakeAfterCommit();
  }
}

package org.laurel.engine.run;

import java.nio.file.Path;

/** A process that works until it is told to end and then needs a while to save. */
final class SlowlySavingRun {
  private SlowlySavingRun() {}

  public static void main(String[] arguments) throws Exception {
    try (RunJournal journal =
        RunJournal.open(RunDirectory.at(Path.of(arguments[0])), RunListener.NONE, 0)) {
      System.out.println("running");
      while (!journal.stopRequested()) {
        Thread.sleep(10);
      }
      Thread.sleep(500);
      throw journal.stopped(3, 9);
    }
  }
}

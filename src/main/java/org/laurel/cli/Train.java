package org.laurel.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.laurel.database.Home;
import org.laurel.engine.Training;
import org.laurel.engine.ppo.RolloutPolicy;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.model.ModelDirectory;
import org.laurel.onnx.OnnxExport;
import org.laurel.run.RunFolder;
import org.laurel.run.RunReporter;
import org.laurel.serving.OnnxRollouts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains what a run directory asks for, from its newest checkpoint on. The server starts it as a
 * process of its own; it may be started by hand as well.
 */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Train what a run directory asks for; what the server starts for a round.")
public final class Train implements Callable<Integer> {
  private static final int LOCK_TRIES = 20;

  @Option(
      names = "--run-dir",
      required = true,
      paramLabel = "DIR",
      description = "holds run.json and data/; gets checkpoints, figures and the model")
  Path runDirectory = Path.of(".");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isRegularFile(runDirectory.resolve("run.json"))) {
      throw new IOException(runDirectory + ": has no run.json");
    }
    RunFolder folder = new RunFolder(runDirectory.toAbsolutePath().normalize());
    FileLock lock = lock(folder);
    try {
      RunDirectory directory = RunDirectory.at(folder.path());
      UUID run = run(folder);
      if (run == null) {
        train(directory, RunListener.NONE);
      } else {
        try (RunReporter reporter = RunReporter.start(Home.locate(), run, folder)) {
          train(directory, asks(reporter));
        }
      }
      return 0;
    } catch (RunStoppedException e) {
      System.out.println("laurel train: " + e.getMessage());
      return 0;
    } finally {
      lock.acquiredBy().close();
    }
  }

  private static void train(RunDirectory directory, RunListener listener) throws IOException {
    Function<ModelDirectory, RolloutPolicy> serve = OnnxRollouts::open;
    Training.run(directory, listener, serve);
    OnnxExport.write(directory.artifact());
  }

  private static RunListener asks(RunReporter reporter) {
    return new RunListener() {
      @Override
      public boolean cancelRequested() {
        return reporter.cancelRequested();
      }
    };
  }

  /**
   * The server looks whether a folder is locked by locking it for a moment, so one refusal says
   * nothing.
   */
  private static FileLock lock(RunFolder folder) throws InterruptedException {
    for (int i = 0; i < LOCK_TRIES; i++) {
      Optional<FileLock> lock = folder.lock();
      if (lock.isPresent()) {
        return lock.get();
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("another process trains in " + folder.path());
  }

  /** The run's id in the database; null where the directory was made by hand. */
  private static @Nullable UUID run(RunFolder folder) throws IOException {
    String id =
        new ObjectMapper()
            .readTree(folder.path().resolve("run.json").toFile())
            .path("run")
            .asText();
    return id.isEmpty() ? null : UUID.fromString(id);
  }
}

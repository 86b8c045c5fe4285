package org.laurel.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the run directories lie: {@code LAUREL_HOME/runs/<run id>}. */
@ApplicationScoped
public class RunFolders {
  private final Path runs;

  @Inject
  RunFolders(@ConfigProperty(name = "laurel.home") Path home) {
    this.runs = home.toAbsolutePath().resolve("runs");
  }

  /** The run's folder, whether it is there yet or not. */
  public RunFolder of(UUID run) {
    return new RunFolder(runs.resolve(run.toString()));
  }
}

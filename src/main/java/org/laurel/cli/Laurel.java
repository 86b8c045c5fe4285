package org.laurel.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.laurel.device.DeviceChoice;
import org.laurel.device.RanksChoice;
import org.laurel.engine.nn.Libtorch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The one main class. Without a subcommand it serves; every other subcommand runs without the web
 * application.
 *
 * <p>Exit status: 0, 1 (failed), 2 (usage). An error is one line on stderr that says what and
 * where.
 */
@QuarkusMain
@Command(
    name = "laurel",
    mixinStandardHelpOptions = true,
    version = "laurel 0.1.0",
    description =
        "Human feedback, from the first vote to a better model. Without a command: serve.",
    subcommands = {
      Serve.class,
      Train.class,
      Simulate.class,
      Import.class,
      Export.class,
      Pretrain.class,
      Evaluate.class,
      Bench.class
    })
public final class Laurel implements Callable<Integer> {
  @Spec private CommandSpec spec;

  public static void main(String... arguments) {
    int status = execute(arguments);
    if (status != Serve.LEAVE_TO_QUARKUS) {
      System.exit(status);
    }
  }

  static int execute(String... arguments) {
    CommandLine command = new CommandLine(new Laurel());
    command.setParameterExceptionHandler(Laurel::usage);
    command.setExecutionExceptionHandler((e, failed, parsed) -> failure(e, failed));
    command.setExecutionStrategy(
        parsed -> {
          try {
            RanksChoice.ofEnvironment(); // a server would say so only where a round is launched
            Libtorch.choose(DeviceChoice.ofEnvironment());
          } catch (IllegalArgumentException e) {
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    return command.execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    return Serve.as(spec).call();
  }

  private static int usage(ParameterException e, String[] arguments) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    print(e.getCommandLine().getErr(), name, oneLine(e) + " (see " + name + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  /** Says in one line what failed; the property {@code laurel.trace} asks for where as well. */
  static int failure(Throwable e, CommandLine failed) {
    print(failed.getErr(), failed.getCommandSpec().qualifiedName(), oneLine(e));
    if (Boolean.getBoolean("laurel.trace")) {
      e.printStackTrace(failed.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void print(PrintWriter err, String name, String message) {
    err.println(name + ": " + message);
    err.flush();
  }

  private static String oneLine(Throwable e) {
    if (e instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return oneLine(unchecked.getCause());
    }
    String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return e.getClass().getSimpleName();
    }
    return message.strip().replaceAll("\\s*\\R\\s*", "; ") + trouble(e);
  }

  /** What the Java library leaves to the exception's class, its message being a file's name. */
  private static String trouble(Throwable e) {
    if (!(e instanceof FileSystemException file) || file.getReason() != null) {
      return "";
    }
    if (e instanceof NoSuchFileException) {
      return ": there is no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return ": access is denied";
    }
    return ": " + e.getClass().getSimpleName();
  }
}

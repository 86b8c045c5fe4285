package org.laurel.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.laurel.simulation.GoldPreference;
import org.laurel.simulation.LaurelApi;
import org.laurel.simulation.Simulation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Annotators of known accuracy at work, so that the loop can be tried and measured without people.
 */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = "Let simulated annotators rank a project's tasks through the HTTP API.")
public final class Simulate implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @Option(names = "--project", required = true, description = "The project's id.")
  private UUID project;

  @Option(names = "--annotators", defaultValue = "20", description = "How many (${DEFAULT-VALUE}).")
  private int annotators;

  @Option(
      names = "--accuracy",
      defaultValue = "0.8",
      description = "How often a pair is ordered as the gold preference does (${DEFAULT-VALUE}).")
  private double accuracy;

  @Option(
      names = "--gold",
      defaultValue = "helpful",
      description = "What they choose by: helpful or concise (${DEFAULT-VALUE}).")
  private String gold;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of their mistakes (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--rankings",
      description = "Stop after so many in all; all that is open if absent.")
  private @Nullable Long rankings;

  @Option(
      names = "--delay",
      defaultValue = "0",
      description = "Milliseconds that reading a task takes (${DEFAULT-VALUE}).")
  private long delayMs;

  @Option(
      names = "--patience",
      defaultValue = "60",
      description = "Seconds to wait for a server that does not answer (${DEFAULT-VALUE}).")
  private long patienceSeconds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LaurelApi api =
        new LaurelApi(
            HttpClient.newHttpClient(),
            server.url(),
            server.token(),
            Duration.ofSeconds(patienceSeconds));
    long most = rankings == null ? Long.MAX_VALUE / 2 : rankings;
    Simulation.Outcome outcome = simulation(most).run(api);
    PrintWriter out = spec.commandLine().getOut();
    print(out, outcome);
    out.flush();
    return outcome.sound() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private Simulation simulation(long most) {
    try {
      return new Simulation(
          project, annotators, GoldPreference.named(gold), accuracy, seed, most, delayMs);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private void print(PrintWriter out, Simulation.Outcome o) {
    line(
        out,
        "rankings       %d acknowledged by %d annotators in %.1f s, %.1f a second",
        o.acknowledged(),
        annotators,
        o.seconds(),
        o.acknowledged() / o.seconds());
    line(out, "pair accuracy  %.3f against %s (%d pairs)", o.pairAccuracy(), gold, o.pairs());
    line(out, "agreement      %.3f between annotators", o.agreement());
    line(out, "lease          %s", quantiles(o.leaseMs()));
    line(out, "submit         %s", quantiles(o.submitMs()));
    line(out, "conflicts      %d leases ran out, %d requests repeated", o.conflicts(), o.retries());
    line(out, "votes          %d lost, %d doubled", o.lost(), o.surplus());
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  private static String quantiles(List<Long> sorted) {
    if (sorted.isEmpty()) {
      return "none";
    }
    return String.format(
        Locale.ROOT,
        "median %d ms, 95%% within %d ms, longest %d ms",
        sorted.get(sorted.size() / 2),
        sorted.get((int) (0.95 * (sorted.size() - 1))),
        sorted.get(sorted.size() - 1));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

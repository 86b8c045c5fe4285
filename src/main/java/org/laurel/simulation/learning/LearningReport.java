package org.laurel.simulation.learning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was measured, as Markdown and as plots: only what was measured. */
public final class LearningReport {

  private final LearningBench bench;
  private final List<Long> seeds;

  /** Of so many seeds. */
  public LearningReport(LearningBench bench, List<Long> seeds) {
    this.bench = bench;
    this.seeds = List.copyOf(seeds);
  }

  private record Column(String title, String figure, int decimals) {}

  private static final List<Column> REWARD =
      List.of(
          new Column("rankings", "training_rankings", 0),
          new Column("accuracy", "accuracy", 3),
          new Column("ceiling", "ceiling", 3),
          new Column("noise-free", "noise_free", 3),
          new Column("held-out log loss", "held_out_log_loss", 3),
          new Column("floor", "log_loss_floor", 3),
          new Column("ECE", "held_out_ece", 3),
          new Column("s", "seconds", 0));

  private static final List<Column> POLICY =
      List.of(
          new Column("KL", "kl", 2),
          new Column("proxy gain", "proxy_gain", 2),
          new Column("eta", "eta", 2),
          new Column("gold gain", "gold_gain", 2),
          new Column("gold eta", "gold_eta", 2),
          new Column("gold win rate", "win_rate", 3),
          new Column("stop rate", "stop_rate", 3),
          new Column("tokens", "length", 1),
          new Column("s", "seconds", 0));

  private static final List<Column> SECOND_ROUND =
      List.of(
          new Column("ceiling", "first_ceiling", 3),
          new Column("accuracy, first round's", "first_accuracy", 3),
          new Column("second's", "second_accuracy", 3),
          new Column("noise-free, first round's", "first_noise_free", 3),
          new Column("second's", "second_noise_free", 3),
          new Column("s", "seconds", 0));

  /**
   * Three tables: reward models, policies, and the reward models of two rounds on what the second
   * one's policy answers. A row for each seed that was measured, and their mean.
   */
  public String tables() throws IOException {
    List<String> policies =
        bench.rows().stream()
            .filter(row -> !row.startsWith("reward-") && !row.equals(LearningBench.SECOND_ROUND))
            .toList();
    return table("reward model", List.of("reward-few", "reward-many"), REWARD)
        + table("policy", policies, POLICY)
        + table("PPO's policy judged", List.of(LearningBench.SECOND_ROUND), SECOND_ROUND);
  }

  private String table(String title, List<String> rows, List<Column> columns) throws IOException {
    StringBuilder text = new StringBuilder();
    line(text, title, "seed", columns.stream().map(Column::title).toList());
    text.append("|---".repeat(columns.size() + 2)).append("|\n");
    for (String row : rows) {
      List<Map<String, Double>> measured = new ArrayList<>();
      for (long seed : seeds) {
        Map<String, Double> figures = bench.figures(seed, row);
        if (!figures.isEmpty()) {
          measured.add(figures);
          line(text, row, "" + seed, columns.stream().map(c -> number(figures, c)).toList());
        }
      }
      if (measured.size() > 1) {
        line(text, row, "mean", columns.stream().map(c -> mean(measured, c)).toList());
      }
    }
    return text.append('\n').toString();
  }

  private static void line(StringBuilder text, String row, String seed, List<String> cells) {
    text.append("| ").append(row).append(" | ").append(seed).append(" | ");
    text.append(String.join(" | ", cells)).append(" |\n");
  }

  private static String number(Map<String, Double> figures, Column column) {
    @Nullable Double value = figures.get(column.figure());
    return value == null ? "" : rounded(value, column);
  }

  /** With its standard error over the seeds. */
  private static String mean(List<Map<String, Double>> measured, Column column) {
    List<Double> values = new ArrayList<>();
    for (Map<String, Double> figures : measured) {
      @Nullable Double value = figures.get(column.figure());
      if (value == null) {
        return "";
      }
      values.add(value);
    }
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(squares / (values.size() - 1) / values.size());
    return rounded(mean, column) + " +- " + rounded(error, column);
  }

  private static String rounded(double value, Column column) {
    return String.format(Locale.ROOT, "%." + column.decimals() + "f", value);
  }

  /** Writes the plots that have points into a folder; gives their names. */
  public List<Path> plots(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> written = new ArrayList<>();
    Plot win = new Plot("Gold win rate against the start", "KL, nats", "win rate");
    boolean any = false;
    for (String run : List.of("ppo", "bon", "dpo", "ipo", "kto", "rejection")) {
      List<Plot.Point> points = curve(run, "win_rate");
      if (!points.isEmpty()) {
        any = true;
        win.dots(name(run), points);
      }
    }
    if (any) {
      written.add(Files.writeString(folder.resolve("win-rate.svg"), win.svg()));
    }
    for (String run : List.of("ppo", "over")) {
      List<Plot.Point> proxy = curve(run, "proxy_gain");
      if (!proxy.isEmpty()) {
        Plot plot =
            new Plot(
                run.equals("ppo") ? "PPO" : "PPO without a KL penalty",
                "KL, nats",
                "gain, standard deviations");
        plot.line("Proxy", proxy).line("Gold", curve(run, "gold_gain"));
        if (run.equals("ppo")) { // far beyond, it would flatten what over-optimisation does
          plot.line("sqrt(2 KL)", optimum(proxy));
        }
        written.add(Files.writeString(folder.resolve(run + ".svg"), plot.svg()));
      }
    }
    return written;
  }

  private static String name(String run) {
    return switch (run) {
      case "ppo" -> "PPO";
      case "bon" -> "Best of 4 and 16";
      case "rejection" -> "Rejection sampling";
      default -> run.toUpperCase(Locale.ROOT);
    };
  }

  /** Means over the seeds of each row, by KL. */
  private List<Plot.Point> curve(String run, String figure) throws IOException {
    TreeMap<Double, Double> byKl = new TreeMap<>();
    for (String row : bench.rows()) {
      if (!row.equals(run) && !row.startsWith(run + "-")) {
        continue;
      }
      double kl = 0;
      double value = 0;
      int measured = 0;
      for (long seed : seeds) {
        Map<String, Double> f = bench.figures(seed, row);
        @Nullable Double at = f.get("kl");
        @Nullable Double of = f.get(figure);
        if (at != null && of != null) {
          kl += at;
          value += of;
          measured++;
        }
      }
      if (measured > 0) {
        byKl.put(kl / measured, value / measured);
      }
    }
    return byKl.entrySet().stream().map(e -> new Plot.Point(e.getKey(), e.getValue())).toList();
  }

  private static List<Plot.Point> optimum(List<Plot.Point> points) {
    double most = points.stream().mapToDouble(Plot.Point::x).max().orElse(0);
    List<Plot.Point> curve = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      double kl = most * i / 20;
      curve.add(new Plot.Point(kl, Math.sqrt(2 * kl)));
    }
    return curve;
  }
}

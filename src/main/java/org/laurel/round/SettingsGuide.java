package org.laurel.round;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.laurel.engine.run.Hyperparameters;

/**
 * The guide to the hyperparameters, {@code docs/guide/hyperparameters.md}, which says in one place
 * what each setting means: to who reads it and to who fills in the form that launches a round. A
 * test holds it against the trainers' own records.
 */
final class SettingsGuide {
  private static final String FILE = "/hyperparameters.md";
  private static final Pattern STEPS = Pattern.compile("Under (`.+`)\\.");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private SettingsGuide() {}

  /**
   * A row of the guide.
   *
   * @param defaults one for each step of its section, or for each backbone
   * @param meaning for people, without marks
   */
  record Row(String name, List<String> defaults, String meaning) {
    /** What holds in that step of the section. */
    String standard(StepKind kind) {
      return defaults.get(kind == StepKind.IPO ? 1 : 0);
    }

    /** What holds for a reward model on an encoder. */
    String withMiniLm() {
      return defaults.get(1);
    }
  }

  private static final Map<StepKind, Map<String, Row>> ROWS = read();

  /** What the guide says of a step's settings, by name, in its order. */
  static Map<String, Row> of(StepKind kind) {
    return ROWS.getOrDefault(kind, Map.of());
  }

  /**
   * @throws IllegalStateException if the guide says nothing of the setting
   */
  static Row row(StepKind kind, String setting) {
    Row row = of(kind).get(setting);
    if (row == null) {
      throw new IllegalStateException("the guide lacks " + kind.key() + "." + setting);
    }
    return row;
  }

  /** What holds where nothing is said, by setting, as people write it. */
  static Map<String, String> defaults(StepKind kind) {
    return column(kind, row -> row.standard(kind));
  }

  /**
   * The same for a policy of a given size: a larger one takes smaller learning rates.
   *
   * @param weights of the policy
   */
  static Map<String, String> defaults(StepKind kind, long weights) {
    return column(kind, row -> standard(row, kind, weights));
  }

  /** What holds of one setting where nothing is said, for a policy of that size. */
  static String standard(Row row, StepKind kind, long weights) {
    double factor = Hyperparameters.Rates.of(kind.key()).factor(weights);
    String standard = row.standard(kind);
    return factor < 1 && Hyperparameters.isRate(row.name())
        ? written(factor * Double.parseDouble(standard))
        : standard;
  }

  /** Two digits and a power of ten, as in {@code 8.6e-5}. */
  private static String written(double rate) {
    return String.format(Locale.ROOT, "%.1e", rate).replace("e-0", "e-");
  }

  /** The same of reward models on an encoder. */
  static Map<String, String> defaultsWithMiniLm() {
    return column(StepKind.REWARD, Row::withMiniLm);
  }

  private static Map<String, String> column(StepKind kind, Function<Row, String> cell) {
    Map<String, String> column = new LinkedHashMap<>();
    of(kind).forEach((setting, row) -> column.put(setting, cell.apply(row)));
    return column;
  }

  private static Map<StepKind, Map<String, Row>> read() {
    Map<StepKind, Map<String, Row>> rows = new LinkedHashMap<>();
    List<StepKind> section = List.of();
    for (String line : text().lines().toList()) {
      Matcher steps = STEPS.matcher(line);
      if (steps.matches()) {
        section = codes(steps.group(1)).stream().map(StepKind::of).toList();
      } else if (line.startsWith("| `")) {
        Row row = read(line);
        section.forEach(
            kind -> rows.computeIfAbsent(kind, key -> new LinkedHashMap<>()).put(row.name(), row));
      }
    }
    return rows;
  }

  private static Row read(String line) {
    String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
    List<String> defaults = new ArrayList<>();
    for (int i = 1; i < cells.length - 1; i++) {
      defaults.addAll(codes(cells[i]));
    }
    String meaning = cells[cells.length - 1].replace("`", "");
    return new Row(codes(cells[0]).get(0), defaults, meaning);
  }

  private static List<String> codes(String text) {
    return CODE.matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static String text() {
    try (InputStream in = SettingsGuide.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is not on the classpath");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

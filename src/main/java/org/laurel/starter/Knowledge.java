package org.laurel.starter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the authored text files of the corpus, {@code starter/*.txt} on the class path.
 *
 * <p>{@code index.txt} lists the topics. In a topic's files {@code ?} starts a question template,
 * {@code ~} a vague answer, {@code !} a curt one; an entry is a line with its name followed by
 * {@code =} lead, {@code -} points and {@code +} tip. With a {@code columns:} line the file is a
 * table: rows first, then {@code ##} sections that each hold one set of templates for all rows.
 * {@code %slot = a | b} declares values that combine with every entry, {@code #} is a comment.
 */
final class Knowledge {

  private Knowledge() {}

  /** All topics, in the order of the index. */
  static List<Topic> topics() {
    List<Topic> topics = new ArrayList<>();
    for (String line : lines("index.txt")) {
      String[] cells = cells(line);
      List<String> text = new ArrayList<>();
      for (String file : cells[4].split(" ")) {
        text.addAll(lines(file));
        text.add("");
      }
      topics.add(
          new Topic(
              cells[0],
              cells[1],
              Topic.Style.valueOf(cells[2].toUpperCase(Locale.ROOT)),
              Integer.parseInt(cells[3]),
              new TopicFile(text).sections()));
    }
    return topics;
  }

  /** The lines of a resource without comments; empty lines stay, since they divide entries. */
  static List<String> lines(String name) {
    try (InputStream in = Knowledge.class.getResourceAsStream("/starter/" + name)) {
      if (in == null) {
        throw new IllegalStateException("starter/" + name + " is missing from the application");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .map(String::strip)
          .filter(line -> !line.startsWith("#") || line.startsWith("##"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("reading starter/" + name, e);
    }
  }

  static String[] cells(String line) {
    String[] cells = line.split("\\|");
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cells[i].strip();
    }
    return cells;
  }

  /** One pass over a topic's lines, collecting what belongs to the current section. */
  private static final class TopicFile {
    private final Map<String, List<String>> slots = new LinkedHashMap<>();
    private final List<Map<String, String>> rows = new ArrayList<>();
    private final List<Topic.Section> sections = new ArrayList<>();
    private String[] columns = {};
    private boolean inSection;
    private String aim = "{name}";
    private List<String> asks = new ArrayList<>();
    private List<String> vague = new ArrayList<>();
    private List<String> curt = new ArrayList<>();
    private List<Topic.Entry> entries = new ArrayList<>();
    private Map<String, String> name = Map.of();
    private String lead = "";
    private List<String> points = new ArrayList<>();
    private String tip = "";

    TopicFile(List<String> lines) {
      lines.forEach(this::read);
      endEntry();
      endSection();
    }

    List<Topic.Section> sections() {
      return List.copyOf(sections);
    }

    private void read(String line) {
      String rest = line.length() > 2 ? line.substring(2) : "";
      if (line.startsWith("## ")) {
        if (inSection) {
          endSection();
        }
        inSection = true;
        aim = "";
      } else if (line.startsWith("? ")) {
        asks.add(rest);
      } else if (line.startsWith("~ ")) {
        vague.add(rest);
      } else if (line.startsWith("! ")) {
        curt.add(rest);
      } else if (line.startsWith("= ")) {
        lead = rest;
      } else if (line.startsWith("- ")) {
        points.add(rest);
      } else if (line.startsWith("+ ")) {
        tip = rest;
      } else if (line.startsWith("%")) {
        String[] parts = line.substring(1).split(" = ", 2);
        slots.put(parts[0], List.of(cells(parts[1])));
      } else if (line.startsWith("columns:")) {
        columns = cells(line.substring(8));
      } else if (line.startsWith("aim:")) {
        aim = line.substring(4).strip();
      } else if (line.isEmpty()) {
        endEntry();
      } else if (columns.length > 0) {
        rows.add(row(line));
      } else {
        name = named(line);
      }
    }

    private Map<String, String> row(String line) {
      String[] cells = cells(line);
      if (cells.length != columns.length) {
        throw new IllegalStateException("a row of " + cells.length + " cells: " + line);
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.length; i++) {
        row.put(columns[i], cells[i]);
      }
      return row;
    }

    private static Map<String, String> named(String line) {
      String bare = line.replaceFirst("^(a|an|the) ", "");
      return Map.of("name", line, "bare", bare, "lower", Sentence.lower(line));
    }

    private void endEntry() {
      if (columns.length == 0 && !lead.isEmpty()) {
        entries.add(new Topic.Entry(name, lead, List.copyOf(points), tip));
        clearEntry();
      }
    }

    private void endSection() {
      for (Map<String, String> row : rows) {
        entries.add(new Topic.Entry(row, lead, List.copyOf(points), tip));
      }
      sections.add(
          new Topic.Section(
              aim,
              List.copyOf(asks),
              List.copyOf(vague),
              List.copyOf(curt),
              Map.copyOf(slots),
              List.copyOf(entries)));
      asks = new ArrayList<>();
      vague = new ArrayList<>();
      curt = new ArrayList<>();
      entries = new ArrayList<>();
      clearEntry();
    }

    private void clearEntry() {
      lead = "";
      points = new ArrayList<>();
      tip = "";
    }
  }
}

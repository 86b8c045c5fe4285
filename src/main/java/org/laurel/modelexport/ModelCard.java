package org.laurel.modelexport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model card in Markdown, as the hub shows {@code README.md}: what the model is, what it was made
 * from and how, what was measured, and on what terms it may be used. Names and figures of people
 * and programs stand in it as text.
 */
final class ModelCard {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringBuilder text = new StringBuilder();

  /** The head that the hub reads. */
  ModelCard head(String task, List<String> tags, Terms terms, @Nullable String base) {
    text.append("---\n");
    text.append("license: ").append(terms.license() == null ? "unknown" : terms.license());
    text.append("\nlibrary_name: transformers\npipeline_tag: ").append(task);
    text.append("\ntags: ").append(json(tags)).append('\n');
    if (base != null) {
      text.append("base_model: ").append(json(base)).append('\n');
    }
    text.append("---\n");
    return this;
  }

  ModelCard title(String name) {
    text.append("# ").append(escaped(name)).append("\n\n");
    return this;
  }

  ModelCard section(String name) {
    text.append("## ").append(name).append("\n\n");
    return this;
  }

  /** Markdown as it is. */
  ModelCard paragraph(String markdown) {
    text.append(markdown).append("\n\n");
    return this;
  }

  /** The policies on the way to the model, newest first. */
  ModelCard line(List<Ancestor> line) {
    section("Where it comes from");
    text.append(
        "| policy | made by | learned from | rows | optimised against | seed | artifact |\n");
    text.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (Ancestor one : line) {
      row(
          one.name(),
          one.hub() == null
              ? one.kind()
              : "import of %s%s"
                  .formatted(one.hub(), one.commit() == null ? "" : " @ " + one.commit()),
          one.datasetHash() == null ? null : one.datasetKind() + " " + one.datasetHash(),
          one.rows(),
          one.rewardModel(),
          one.seed(),
          one.artifactHash());
    }
    text.append('\n');
    return this;
  }

  /** A table of names and values, in the order of the names; nothing where there are none. */
  ModelCard table(String title, Map<String, ?> values) {
    if (values.isEmpty()) {
      return this;
    }
    section(title);
    text.append("| name | value |\n| --- | --- |\n");
    new TreeMap<>(values).forEach((name, value) -> row(name, value));
    text.append('\n');
    return this;
  }

  ModelCard terms(Terms terms) {
    section("Licence");
    if (!terms.isKnown()) {
      return paragraph(
          "Unknown: nothing that it was made from says on what terms it may be used. Whoever passes"
              + " it on has to find out.");
    }
    String license = terms.license() == null ? "unnamed" : "`" + terms.license() + "`";
    String files =
        terms.files().isEmpty()
            ? ""
            : " Its " + String.join(" and ", terms.files().keySet()) + " come with this archive.";
    return paragraph(
        "Of its base %s: %s.%s What training added has no terms of its own."
            .formatted(escaped(String.valueOf(terms.base())), license, files));
  }

  /** The whole card. */
  String markdown() {
    return text.toString().stripTrailing() + "\n";
  }

  private void row(@Nullable Object... cells) {
    for (Object cell : cells) {
      text.append("| ").append(cell == null ? "–" : escaped(value(cell))).append(' ');
    }
    text.append("|\n");
  }

  private static String value(Object value) {
    if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number)
          ? new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros().toString()
          : String.valueOf(number);
    }
    return value instanceof Map || value instanceof List ? json(value) : String.valueOf(value);
  }

  /** Text that means nothing in Markdown or HTML. */
  static String escaped(String text) {
    return text.replaceAll("\\s+", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("([\\\\`*_\\[\\]|#!>~])", "\\\\$1");
  }

  /** JSON is YAML too. */
  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON of " + value, e);
    }
  }
}

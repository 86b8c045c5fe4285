package org.laurel.audit;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.laurel.web.Problem;

/** Which entries are sought, as a {@code @BeanParam}; what is absent or empty does not matter. */
public class Sought {
  /** Who did it. */
  @QueryParam("account")
  @DefaultValue("")
  String account = "";

  @QueryParam("action")
  @DefaultValue("")
  String action = "";

  @QueryParam("project")
  @DefaultValue("")
  String project = "";

  /** To what it was done: kind/id, such as account/0190d7c5-.... */
  @QueryParam("subject")
  @DefaultValue("")
  String subject = "";

  /** A day (from its beginning, UTC) or an instant. */
  @QueryParam("from")
  @DefaultValue("")
  String from = "";

  /** A day (to its end, UTC) or an instant. */
  @QueryParam("until")
  @DefaultValue("")
  String until = "";

  /** A condition, and what stands in it for question marks. */
  record Condition(String sql, List<Object> parameters) {}

  /**
   * @throws Problem 400 naming what cannot be read
   */
  Condition condition() {
    List<String> all = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    if (!account.isBlank()) {
      all.add("account_id = ?");
      parameters.add(id("account", account));
    }
    if (!action.isBlank()) {
      all.add("action = ?");
      parameters.add(action);
    }
    if (!project.isBlank()) {
      all.add("project_id = ?");
      parameters.add(id("project", project));
    }
    if (!subject.isBlank()) {
      int slash = subject.indexOf('/');
      if (slash < 0) {
        throw wrong("subject", "kind/id", subject);
      }
      all.add("subject_kind = ? and subject_id = ?");
      parameters.add(subject.substring(0, slash));
      parameters.add(subject.substring(slash + 1));
    }
    if (!from.isBlank()) {
      all.add("at >= ?");
      parameters.add(instant("from", from, 0).atOffset(ZoneOffset.UTC));
    }
    if (!until.isBlank()) {
      all.add("at < ?");
      parameters.add(instant("until", until, 1).atOffset(ZoneOffset.UTC));
    }
    return new Condition(all.isEmpty() ? "true" : String.join(" and ", all), parameters);
  }

  /** The same as a query, without a question mark before it. */
  public String query() {
    List<String> parts = new ArrayList<>();
    add(parts, "account", account);
    add(parts, "action", action);
    add(parts, "project", project);
    add(parts, "subject", subject);
    add(parts, "from", from);
    add(parts, "until", until);
    return String.join("&", parts);
  }

  /** Whether anything narrows the list. */
  public boolean isNarrow() {
    return !query().isEmpty();
  }

  public String account() {
    return account;
  }

  public String action() {
    return action;
  }

  public String project() {
    return project;
  }

  public String subject() {
    return subject;
  }

  public String from() {
    return from;
  }

  public String until() {
    return until;
  }

  private static void add(List<String> parts, String name, String value) {
    if (!value.isBlank()) {
      parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  private static UUID id(String field, String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw wrong(field, "an id", text);
    }
  }

  private static Instant instant(String field, String text, int daysLater) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).plusDays(daysLater).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw wrong(field, "a day like 2026-01-31 or an instant like 2026-01-31T12:00:00Z", text);
    }
  }

  private static Problem wrong(String field, String wanted, String text) {
    String fault = "must be %s, not '%s'".formatted(wanted, text);
    return Problem.malformed(field + " " + fault).error(field, fault);
  }
}

package org.laurel.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that cannot be answered as asked. Thrown anywhere, it becomes a problem document (RFC
 * 9457) for programs and an error page for people.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final transient List<ProblemDocument.Fault> errors = new ArrayList<>();
  private final transient Map<String, String> headers = new TreeMap<>();

  public Problem(int status, String title, String detail) {
    super(detail);
    this.status = status;
    this.title = title;
  }

  public static Problem notFound(String kind, Object id) {
    return new Problem(404, "Not found", "there is no %s %s".formatted(kind, id));
  }

  public static Problem conflict(String detail) {
    return new Problem(409, "Conflict", detail);
  }

  public static Problem forbidden(String detail) {
    return new Problem(403, "Forbidden", detail);
  }

  /** 422: the request was understood, and what it says is wrong. */
  public static Problem invalid(String detail) {
    return new Problem(422, "Invalid", detail);
  }

  /** 400: the request could not be read. */
  public static Problem malformed(String detail) {
    return new Problem(400, "Malformed request", detail);
  }

  public static Problem tooLarge(String detail) {
    return new Problem(413, "Content too large", detail);
  }

  public Problem error(String field, String message) {
    errors.add(new ProblemDocument.Fault(null, field, message));
    return this;
  }

  /**
   * @param line of the imported file, from 1
   */
  public Problem error(long line, String field, String message) {
    errors.add(new ProblemDocument.Fault(line, field, message));
    return this;
  }

  public Problem error(ProblemDocument.Fault fault) {
    errors.add(fault);
    return this;
  }

  public Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  ProblemDocument document() {
    return new ProblemDocument(
        "about:blank",
        status,
        title,
        String.valueOf(getMessage()),
        errors.isEmpty() ? null : List.copyOf(errors));
  }
}

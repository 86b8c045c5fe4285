package org.laurel.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A problem document, RFC 9457, with the faults of single fields or lines where there are any. */
@Schema // into the API's document, though no endpoint returns it
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemDocument(
    String type, int status, String title, String detail, @Nullable List<Fault> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";

  /**
   * @param line of an import, from 1
   * @param field dotted path, e.g. {@code groups[1][0]}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Fault(@Nullable Long line, @Nullable String field, String message) {}
}

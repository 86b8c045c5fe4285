package org.laurel.openai;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.laurel.web.ProblemDocument;

/**
 * Puts what is wrong also where OpenAI's clients look for it, into {@code error.message}: some of
 * them show a status alone otherwise. RFC 9457 lets a problem document have members of its own.
 */
@Provider
public class ClientErrors implements ContainerResponseFilter {
  /** A problem document with OpenAI's error beside. */
  record ClientError(@JsonUnwrapped ProblemDocument problem, Error error) {}

  /**
   * As OpenAI's API reference has it.
   *
   * @param param the field that is wrong; null if it is none
   */
  record Error(String message, String type, @Nullable String param, @Nullable String code) {}

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getUriInfo().getPath().startsWith("/v1/")
        && response.getEntity() instanceof ProblemDocument problem) {
      response.setEntity(new ClientError(problem, error(problem)));
    }
  }

  private static Error error(ProblemDocument problem) {
    List<ProblemDocument.Fault> faults = problem.errors() == null ? List.of() : problem.errors();
    StringBuilder message = new StringBuilder(problem.detail());
    for (ProblemDocument.Fault fault : faults) {
      if (!problem.detail().contains(fault.message())) {
        message.append("; ").append(fault.field()).append(' ').append(fault.message());
      }
    }
    String type =
        switch (problem.status()) {
          case 401 -> "authentication_error";
          case 403 -> "permission_error";
          case 429 -> "rate_limit_error";
          default -> problem.status() < 500 ? "invalid_request_error" : "server_error";
        };
    String param = faults.isEmpty() ? null : faults.get(0).field();
    return new Error(message.toString(), type, param, null);
  }
}

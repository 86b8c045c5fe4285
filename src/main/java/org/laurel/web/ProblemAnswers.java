package org.laurel.web;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkus.logging.Log;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException.ConstraintKind;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Every error of every endpoint: a problem document for programs, a page or the sign-in for people.
 */
public class ProblemAnswers {
  private final RoutingContext request;
  private final Template page;
  private final Methods methods;

  @Inject
  ProblemAnswers(RoutingContext request, @Location("web/problem") Template page, Methods methods) {
    this.request = request;
    this.page = page;
    this.methods = methods;
  }

  @ServerExceptionMapper
  Response problem(Problem problem) {
    return answer(problem);
  }

  @ServerExceptionMapper
  Response notSignedIn(UnauthorizedException e) {
    if (Audience.isPerson(request)) {
      return Response.seeOther(URI.create("/sign-in?to=" + encoded(returnPath()))).build();
    }
    String sent = request.request().getHeader("Authorization");
    return answer(
        new Problem(
                401,
                "Not signed in",
                sent == null
                    ? "send an API token as Authorization: Bearer TOKEN"
                    : "the API token is unknown, expired or revoked")
            .header("WWW-Authenticate", "Bearer"));
  }

  @ServerExceptionMapper
  Response notAllowed(ForbiddenException e) {
    return answer(Problem.forbidden("your role does not allow this"));
  }

  @ServerExceptionMapper
  Response violated(ConstraintViolationException e) {
    Problem problem = Problem.invalid("some values are not allowed");
    for (ConstraintViolation<?> violation : e.getConstraintViolations()) {
      if (isBody(violation)) {
        return answer(Problem.invalid("the request needs a body"));
      }
      problem.error(fieldOf(violation), violation.getMessage());
    }
    return answer(problem);
  }

  /** Quarkus has an answer of its own for this one, so the general case would not see it. */
  @ServerExceptionMapper
  Response misshapen(MismatchedInputException e) {
    return answer(malformed(e));
  }

  @ServerExceptionMapper
  Response unreadable(JsonProcessingException e) {
    return answer(malformed(e));
  }

  @ServerExceptionMapper
  Response refusedByTheDatabase(org.hibernate.exception.ConstraintViolationException e) {
    if (e.getKind() == ConstraintKind.UNIQUE) {
      Log.debugf("refused by %s", e.getConstraintName());
      return answer(Problem.conflict("this exists already; somebody else made it just now"));
    }
    return unexpected(e);
  }

  @ServerExceptionMapper
  Response framework(WebApplicationException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof Problem problem) {
        return answer(problem);
      }
      if (cause instanceof JsonProcessingException json) {
        return answer(malformed(json));
      }
    }
    int status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    if (status >= 500) {
      return unexpected(e);
    }
    if (status == 404 || status == 405) {
      Set<String> taken = methods.at(request.normalizedPath());
      // where several classes share an address, the framework calls a wrong method a wrong address
      if (!taken.isEmpty() && !taken.contains(request.request().method().name())) {
        return answer(
            new Problem(405, "Method Not Allowed", detail(405))
                .header("Allow", String.join(", ", taken)));
      }
    }
    return answer(
        new Problem(status, e.getResponse().getStatusInfo().getReasonPhrase(), detail(status)));
  }

  /** The person is told a reference; what happened stands in the log beside it and nowhere else. */
  @ServerExceptionMapper
  Response unexpected(Throwable e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof Problem problem) {
        return answer(problem);
      }
      if (cause instanceof org.hibernate.exception.ConstraintViolationException refused
          && refused.getKind() == ConstraintKind.UNIQUE) {
        return refusedByTheDatabase(refused);
      }
    }
    if (isGone(e)) {
      Log.debugf(
          e, "gone before the answer: %s %s", request.request().method(), request.normalizedPath());
      return Response.status(400).build(); // nobody reads it
    }
    String reference = UUID.randomUUID().toString().substring(0, 8);
    Log.errorf(
        e,
        "unexpected, reference %s: %s %s",
        reference,
        request.request().method(),
        request.normalizedPath());
    return answer(
        new Problem(
            500, "Unexpected error", "the server's log has more under reference " + reference));
  }

  /**
   * Whether the client left in the middle of its request, as browsers do when a page is closed:
   * nothing is wrong with the server then.
   */
  private boolean isGone(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpClosedException || cause instanceof StreamResetException) {
        return true;
      }
      if (cause instanceof IOException && request.response().closed()) {
        return true; // while it was written
      }
      // the server's own connections break in these ways, too, but then the request was read whole
      if (cause instanceof ClosedChannelException || cause instanceof SocketException) {
        return request.response().closed() || isHalfRead();
      }
    }
    return false;
  }

  private boolean isHalfRead() {
    HttpServerRequest read = request.request();
    boolean body =
        read.getHeader("Content-Length") != null || read.getHeader("Transfer-Encoding") != null;
    return body && !read.isEnded();
  }

  private Response answer(Problem problem) {
    Response.ResponseBuilder answer = Response.status(problem.status());
    problem.headers().forEach(answer::header);
    if (Audience.isPerson(request)) {
      return answer
          .type("text/html;charset=utf-8")
          .entity(page.data("problem", problem.document()))
          .build();
    }
    return answer.type(ProblemDocument.MEDIA_TYPE).entity(problem.document()).build();
  }

  private String returnPath() {
    return request.request().method().name().equals("GET") ? request.request().uri() : "/";
  }

  private static Problem malformed(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String where =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    if (e instanceof JsonMappingException mapping && e.getCause() instanceof Problem problem) {
      return problem.error(path(mapping), String.valueOf(problem.getMessage()));
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      String message =
          e instanceof UnrecognizedPropertyException
              ? "there is no such field"
              : "has the wrong type";
      return Problem.malformed("the JSON does not have the expected shape" + where)
          .error(path(mapping), message);
    }
    if (e instanceof MismatchedInputException) {
      return Problem.malformed("the body must be a JSON object, or what else is described" + where);
    }
    return Problem.malformed("the body is not valid JSON" + where + ": " + JsonFault.words(e));
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  private static String fieldOf(ConstraintViolation<?> violation) {
    String path = violation.getPropertyPath().toString();
    String[] steps = path.split("\\.", 3); // method.argument.field
    return steps[steps.length - 1].replaceAll("\\.<[^>]*>", ""); // an element's own name
  }

  /** Of an endpoint's own arguments none but the body must not be null. */
  private static boolean isBody(ConstraintViolation<?> violation) {
    String path = violation.getPropertyPath().toString();
    return violation.getInvalidValue() == null && path.split("\\.").length == 2;
  }

  private static String encoded(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8);
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "there is nothing at this address";
      case 405 -> "this address does not take that method";
      case 406 -> "none of the media types of the Accept header can be given";
      case 413 -> "the request is larger than the server takes";
      case 415 -> "this media type is not taken here";
      default -> "the request cannot be answered";
    };
  }
}

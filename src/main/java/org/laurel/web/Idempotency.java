package org.laurel.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.logging.Log;
import io.quarkus.runtime.BlockingOperationControl;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import org.laurel.web.IdempotencyKeys.Answer;
import org.laurel.web.IdempotencyKeys.Earlier;
import org.laurel.web.IdempotencyKeys.Use;

/**
 * Every POST of a program may carry an {@code Idempotency-Key}: sent again with the same body it
 * gets the first answer again and nothing is done twice. With another body, or at another address,
 * it is refused. An answer that {@link AnswersSecret holds a secret} is kept sealed with the
 * credential of who asked, which the database does not know.
 */
@Provider
@Priority(Priorities.USER)
public class Idempotency implements ContainerRequestFilter, ContainerResponseFilter {
  public static final String HEADER = "Idempotency-Key";

  /** Attribute of an identity: 32 bytes that follow from its token or session alone. */
  public static final String SEALING_KEY = "sealingKey";

  private static final String USE = "laurel.idempotency";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST_KEY = 255;
  private static final Set<Integer> MAY_CHANGE = Set.of(403, 406, 409, 415, 429);

  private final IdempotencyKeys keys;
  private final SecurityIdentity identity;
  private final RoutingContext exchange;
  private final ResourceInfo endpoint;
  private final ObjectMapper json;

  @Inject
  Idempotency(
      IdempotencyKeys keys,
      SecurityIdentity identity,
      RoutingContext exchange,
      ResourceInfo endpoint,
      ObjectMapper json) {
    this.endpoint = endpoint;
    this.keys = keys;
    this.identity = identity;
    this.exchange = exchange;
    this.json = json;
  }

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    String key = request.getHeaderString(HEADER);
    UUID account = identity.getAttribute("accountId");
    if (key == null
        || account == null
        || !request.getMethod().equals("POST")
        || !Audience.isApi(exchange.normalizedPath())) {
      return;
    }
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw Problem.malformed("the Idempotency-Key must have 1 to 255 characters");
    }
    Body body = Body.read(request.getEntityStream(), FileUtils.getTempDirectory().toPath());
    exchange.addEndHandler(end -> body.closeQuietly());
    request.setEntityStream(body.open());
    Use use = new Use(account, key, request.getMethod(), exchange.request().uri(), body.hash());
    Answer earlier = claim(use);
    if (earlier == null) {
      request.setProperty(USE, use);
    } else {
      request.abortWith(again(unsealed(earlier)));
    }
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!(request.getProperty(USE) instanceof Use use)) {
      return;
    }
    if (!BlockingOperationControl.isBlockingAllowed()) {
      exchange.vertx().executeBlocking(() -> giveUp(use));
      return;
    }
    Object entity = response.getEntity();
    byte[] body = entity == null ? null : bytes(entity);
    if (mayChange(response.getStatus()) || (entity != null && body == null)) {
      keys.giveUp(use);
      return;
    }
    MediaType type = response.getMediaType();
    if (body != null) {
      MediaType sent = type == null ? MediaType.APPLICATION_JSON_TYPE : type;
      response.setEntity(body, response.getEntityAnnotations(), sent);
      type = sent;
    }
    keys.keep(
        use,
        new Answer(
            response.getStatus(),
            type == null ? null : type.toString(),
            response.getHeaderString("Location"),
            body == null || !answersSecret() ? body : Sealing.seal(sealingKey(), body)));
  }

  private Answer unsealed(Answer kept) {
    if (kept.body() == null || !answersSecret()) {
      return kept;
    }
    byte[] body =
        Sealing.open(sealingKey(), kept.body())
            .orElseThrow(
                () ->
                    Problem.conflict(
                        "the first request with this Idempotency-Key came with another token or"
                            + " session, and its answer is for that one alone"));
    return new Answer(kept.status(), kept.contentType(), kept.location(), body);
  }

  private boolean answersSecret() {
    return endpoint.getResourceMethod().isAnnotationPresent(AnswersSecret.class);
  }

  private byte[] sealingKey() {
    return identity.getAttribute(SEALING_KEY);
  }

  /**
   * Whether the same request may have another answer soon, as nothing was done: the server failed,
   * it was refused to who asked as they did, say with the token of an earlier session, something
   * was in its way, or its headers were wrong, which are no part of what is compared.
   */
  private static boolean mayChange(int status) {
    return status >= 500 || MAY_CHANGE.contains(status);
  }

  /** Null if this request is the first; otherwise the first one's answer, waited for if need be. */
  private @Nullable Answer claim(Use use) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!keys.claim(use)) {
      Earlier earlier = keys.earlier(use.account(), use.key());
      if (earlier != null && !earlier.use().isSameRequest(use)) {
        throw new Problem(
                422,
                "Idempotency key used before",
                "the Idempotency-Key was used for another request; take a new key for each request")
            .error(
                "Idempotency-Key",
                "belongs to " + earlier.use().method() + " " + earlier.use().path());
      }
      if (earlier != null && earlier.answer() != null) {
        return earlier.answer();
      }
      if (System.nanoTime() > end) {
        throw Problem.conflict(
                "the first request with this Idempotency-Key is still being answered")
            .header("Retry-After", "5");
      }
      pause();
    }
    return null;
  }

  private static Response again(Answer earlier) {
    Response.ResponseBuilder answer =
        Response.status(earlier.status()).header("Idempotency-Replayed", "true");
    if (earlier.location() != null) {
      answer.header("Location", earlier.location());
    }
    if (earlier.body() != null) {
      answer.entity(earlier.body()).type(earlier.contentType());
    }
    return answer.build();
  }

  /** Null for what cannot be kept: streams. */
  private byte @Nullable [] bytes(Object entity) {
    if (entity instanceof byte[] bytes) {
      return bytes;
    }
    if (entity instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    String kind = entity.getClass().getName();
    if (!kind.startsWith("org.laurel.")
        && !kind.startsWith("java.util.")
        && !kind.startsWith("com.fasterxml.")) {
      return null;
    }
    try {
      return json.writeValueAsBytes(entity);
    } catch (JsonProcessingException e) {
      Log.warnf("the answer of type %s is not kept: %s", kind, e.getMessage());
      return null;
    }
  }

  private @Nullable Void giveUp(Use use) {
    keys.giveUp(use);
    return null;
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "Stopping", "the server is stopping");
    }
  }
}

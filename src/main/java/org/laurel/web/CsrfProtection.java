package org.laurel.web;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.WithFormRead;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Refuses changes that another site makes a signed-in browser ask for: a session must send back its
 * token, in a header or a form field. API tokens need none, since no browser sends them by itself.
 * Without a session, as at the sign-in, the browser's own word on where the request comes from
 * decides.
 */
public class CsrfProtection {
  public static final String HEADER = "X-CSRF-Token";
  public static final String FIELD = "csrfToken";

  private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> OURS = Set.of("same-origin", "none");

  private final SecurityIdentity identity;

  @Inject
  CsrfProtection(SecurityIdentity identity) {
    this.identity = identity;
  }

  @ServerRequestFilter
  @WithFormRead
  void check(ResteasyReactiveContainerRequestContext request) {
    if (HARMLESS.contains(request.getMethod())) {
      return;
    }
    String expected = identity.getAttribute("csrfToken");
    if (expected != null && !matches(expected, sent(request))) {
      throw Problem.forbidden(
          "the page is out of date or the request came from another site; load the page again");
    }
    String site = request.getHeaderString("Sec-Fetch-Site");
    if (expected == null && identity.isAnonymous() && site != null && !OURS.contains(site)) {
      throw Problem.forbidden("the request came from another site");
    }
  }

  private static @Nullable String sent(ResteasyReactiveContainerRequestContext request) {
    String header = ((ContainerRequestContext) request).getHeaderString(HEADER);
    if (header != null) {
      return header;
    }
    ResteasyReactiveRequestContext form =
        (ResteasyReactiveRequestContext) request.getServerRequestContext();
    Object field = form.getFormData() == null ? null : form.getFormParameter(FIELD, true, false);
    return field == null ? null : field.toString();
  }

  private static boolean matches(String expected, @Nullable String sent) {
    return sent != null
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
  }
}

package org.laurel.account;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Who is signed in now, for a page that stood open while somebody signed in again. */
@Path("/api/session")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ANNOTATOR)
public class SessionResource {
  private final CurrentAccount account;
  private final SecurityIdentity identity;

  @Inject
  SessionResource(CurrentAccount account, SecurityIdentity identity) {
    this.account = account;
    this.identity = identity;
  }

  /**
   * The account that a request acts for.
   *
   * @param csrfToken what a cookie session sends back with every change; null for an API token,
   *     which needs none
   */
  public record Session(UUID accountId, @Nullable String csrfToken) {}

  @GET
  @Operation(summary = "The account of the request and, in a browser, its session's CSRF token")
  public RestResponse<Session> session() {
    return ResponseBuilder.ok(new Session(account.id(), identity.getAttribute("csrfToken")))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}

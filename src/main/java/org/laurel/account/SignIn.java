package org.laurel.account;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Problem;

/** The sign-in page, and the way out. */
@Path("/")
@PermitAll
public class SignIn {
  private final SignIns signIns;
  private final FirstAdministrator first;

  @Inject
  SignIn(SignIns signIns, FirstAdministrator first) {
    this.signIns = signIns;
    this.first = first;
  }

  @CheckedTemplate
  static class Templates {
    private Templates() {}

    /**
     * @param failure one of the words for which the page has a sentence; any other says nothing
     */
    static native TemplateInstance page(String email, String to, String failure, boolean notSetUp);
  }

  @GET
  @Path("sign-in")
  @Blocking
  public TemplateInstance page(
      @QueryParam("to") @DefaultValue("/") String to,
      @QueryParam("failure") @DefaultValue("") String failure) {
    return Templates.page("", ReturnPath.safe(to), failure, first.awaited());
  }

  @POST
  @Path("sign-in")
  public Response signIn(
      @RestForm @DefaultValue("") String email,
      @RestForm @DefaultValue("") String password,
      @RestForm @DefaultValue("/") String to,
      HttpServerRequest request) {
    String path = ReturnPath.safe(to);
    try {
      Optional<String> session =
          signIns.signIn(email, password, request.remoteAddress().hostAddress());
      return session
          .map(
              secret ->
                  Response.seeOther(URI.create(path))
                      .cookie(SessionCookie.holding(secret, request))
                      .build())
          .orElseGet(() -> again(401, email, path, "mismatch"));
    } catch (Problem tooMany) {
      Response answer = again(tooMany.status(), email, path, "throttled");
      tooMany.headers().forEach((name, value) -> answer.getHeaders().add(name, value));
      return answer;
    }
  }

  @POST
  @Path("sign-out")
  @Transactional
  public Response signOut(
      @CookieParam(SessionCookie.NAME) @Nullable String secret, HttpServerRequest request) {
    if (secret != null) {
      WebSession.end(secret);
    }
    return Response.seeOther(URI.create("/sign-in")).cookie(SessionCookie.cleared(request)).build();
  }

  private Response again(int status, String email, String to, String failure) {
    return Response.status(status)
        .entity(Templates.page(email, to, failure, first.awaited()))
        .build();
  }
}

package org.laurel.account.sso;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.laurel.account.ReturnPath;
import org.laurel.account.Secret;
import org.laurel.account.SessionCookie;
import org.laurel.account.SignIns;
import org.laurel.web.Problem;
import org.laurel.web.Visitor;

/** The way to the provider, and the way back. What goes wrong is said on the sign-in page. */
@Path(ProviderSignIn.PATH)
@PermitAll
public class ProviderSignIn {
  static final String PATH = "/sign-in/sso";
  static final String COOKIE = "laurel-sso";
  private static final String CALLBACK = "callback";

  /** Of RFC 6749; anything else could forge a line of the log. */
  private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,40}");

  private final SingleSignOn singleSignOn;
  private final OpenIdProvider provider;
  private final Admissions admissions;
  private final SignIns signIns;
  private final Visitor visitor;

  @Inject
  ProviderSignIn(
      SingleSignOn singleSignOn,
      OpenIdProvider provider,
      Admissions admissions,
      SignIns signIns,
      Visitor visitor) {
    this.singleSignOn = singleSignOn;
    this.provider = provider;
    this.admissions = admissions;
    this.signIns = signIns;
    this.visitor = visitor;
  }

  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance uninvited(String email);
  }

  @GET
  public Response leave(
      @QueryParam("to") @DefaultValue("/") String to,
      @CookieParam(COOKIE) @DefaultValue("") String known,
      HttpServerRequest request,
      UriInfo here) {
    OpenIdSettings settings = singleSignOn.required();
    String path = ReturnPath.safe(to);
    String state = Secret.random();
    // another of its tabs may be at the provider
    String browser = known.isEmpty() ? Secret.random() : known;
    ProviderVisit visit =
        QuarkusTransaction.requiringNew().call(() -> ProviderVisit.begin(state, browser, path));
    try {
      return Response.seeOther(provider.authorization(settings, state, visit, callback(here)))
          .cookie(cookie(browser, request))
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .build();
    } catch (ProviderFailure failure) {
      return back(failed(settings, failure), path);
    }
  }

  /**
   * @param error the provider's word for why it sends no code; never shown
   * @param issuer who answers, where the provider says so (RFC 9207)
   */
  @GET
  @Path(CALLBACK)
  public Response arrive(
      @QueryParam("state") @DefaultValue("") String state,
      @QueryParam("code") @DefaultValue("") String code,
      @QueryParam("error") @DefaultValue("") String error,
      @QueryParam("iss") @DefaultValue("") String issuer,
      @CookieParam(COOKIE) @DefaultValue("") String browser,
      HttpServerRequest request,
      UriInfo here) {
    OpenIdSettings settings = singleSignOn.required();
    long attempt;
    try {
      attempt = signIns.attempt(request.remoteAddress().hostAddress());
    } catch (Problem tooMany) {
      return back("throttled", "/");
    }
    Optional<ProviderVisit> visit =
        QuarkusTransaction.requiringNew().call(() -> ProviderVisit.end(state, browser));
    if (visit.isEmpty()) {
      return back("sso-ended", "/");
    }
    String path = visit.get().returnTo;
    if (error.equals("access_denied")) {
      return back("sso-denied", path);
    }
    try {
      requireCode(settings, code, error, issuer);
      Person person = provider.person(settings, code, visit.get(), callback(here));
      String language = visitor.getLanguage();
      return answer(admissions.admit(settings, person, language, attempt), person, path, request);
    } catch (ProviderFailure failure) {
      return back(failed(settings, failure), path);
    }
  }

  private static void requireCode(OpenIdSettings settings, String code, String error, String issuer)
      throws ProviderFailure {
    if (!issuer.isEmpty() && !issuer.equals(settings.issuer())) {
      throw ProviderFailure.refused("another provider answers");
    }
    if (!error.isEmpty() || code.isEmpty()) {
      String said = ERROR_CODE.matcher(error).matches() ? error : "nothing that can be told";
      throw ProviderFailure.refused("it sends no code and says " + said);
    }
  }

  private static Response answer(
      Admission admission, Person person, String path, HttpServerRequest request) {
    if (admission instanceof Admission.In in) {
      return Response.seeOther(URI.create(path))
          .cookie(SessionCookie.holding(in.session(), request))
          .build();
    }
    return switch (((Admission.Out) admission).reason()) {
      case UNVERIFIED -> back("sso-unverified", path);
      case DISABLED -> back("sso-disabled", path);
      case TAKEN -> back("sso-taken", path);
      case UNINVITED ->
          Response.status(403).entity(Templates.uninvited(String.valueOf(person.email()))).build();
    };
  }

  private static String failed(OpenIdSettings settings, ProviderFailure failure) {
    Log.warnf("single sign-on by %s: %s", settings.issuer(), failure.getMessage());
    return failure.isUnreachable() ? "sso-unreachable" : "sso-failed";
  }

  private static Response back(String failure, String to) {
    String path = URLEncoder.encode(to, StandardCharsets.UTF_8);
    return Response.seeOther(URI.create("/sign-in?failure=" + failure + "&to=" + path)).build();
  }

  private static URI callback(UriInfo here) {
    return here.getBaseUri().resolve(PATH + "/" + CALLBACK);
  }

  /** Sent along when the provider sends the browser back, but by no other site's forms. */
  private static NewCookie cookie(String browser, HttpServerRequest request) {
    return new NewCookie.Builder(COOKIE)
        .value(browser)
        .path(PATH)
        .maxAge((int) ProviderVisit.LIFE.toSeconds())
        .httpOnly(true)
        .secure(SessionCookie.isSecure(request))
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }
}

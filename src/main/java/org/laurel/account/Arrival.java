package org.laurel.account;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/**
 * The first visit: an invited person, or the first administrator, chooses a password and is signed
 * in.
 */
@Path("/")
@PermitAll
public class Arrival {
  private final FirstAdministrator firstAdministrator;
  private final SignIns signIns;
  private final Audit audit;

  @Inject
  Arrival(FirstAdministrator firstAdministrator, SignIns signIns, Audit audit) {
    this.firstAdministrator = firstAdministrator;
    this.signIns = signIns;
    this.audit = audit;
  }

  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance invitation(String email, String name, String failure);

    static native TemplateInstance setUp(String email, String failure);
  }

  @GET
  @Path("invitations/{token}")
  @Transactional
  public TemplateInstance invitation(@RestPath String token) {
    Account account = Invitation.invited(token).orElseThrow(Arrival::ended);
    return Templates.invitation(account.email, account.name == null ? "" : account.name, "");
  }

  @POST
  @Path("invitations/{token}")
  @Transactional
  public Response accept(
      @RestPath String token,
      @RestForm @DefaultValue("") String name,
      @RestForm @DefaultValue("") String password,
      HttpServerRequest request) {
    Account account = Invitation.invited(token).orElseThrow(Arrival::ended);
    try {
      Passwords.check(password, account.email);
    } catch (Problem weak) {
      return again(Templates.invitation(account.email, name, String.valueOf(weak.getMessage())));
    }
    if (!Invitation.use(token)) {
      throw ended();
    }
    account.name = name.isBlank() ? null : name.strip();
    account.setPassword(password);
    WebSession.endAll(account.id);
    audit.record(account.id, "invitation.accepted", "account", account.id, Map.of());
    return signedIn(account, request);
  }

  @GET
  @Path("set-up/{token}")
  public TemplateInstance setUp(@RestPath String token) {
    if (!firstAdministrator.accepts(token)) {
      throw ended();
    }
    return Templates.setUp("", "");
  }

  @POST
  @Path("set-up/{token}")
  @Transactional
  public Response setUp(
      @RestPath String token,
      @RestForm @DefaultValue("") String email,
      @RestForm @DefaultValue("") String password,
      HttpServerRequest request) {
    try {
      Emails.check(email);
      Passwords.check(password, email);
    } catch (Problem wrong) {
      return again(Templates.setUp(email, String.valueOf(wrong.getMessage())));
    }
    Account account = firstAdministrator.setUp(token, email, password).orElseThrow(Arrival::ended);
    return signedIn(account, request);
  }

  private Response signedIn(Account account, HttpServerRequest request) {
    return Response.seeOther(URI.create("/"))
        .cookie(SessionCookie.holding(signIns.begin(account), request))
        .build();
  }

  private static Response again(TemplateInstance page) {
    return Response.status(422).entity(page).build();
  }

  private static Problem ended() {
    return new Problem(
        404,
        "This link has ended",
        "it was used before, or it is too old; ask an administrator for a new one");
  }
}

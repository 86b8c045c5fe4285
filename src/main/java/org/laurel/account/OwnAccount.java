package org.laurel.account;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.web.Audit;
import org.laurel.web.Flash;
import org.laurel.web.Languages;
import org.laurel.web.Problem;

/** What people may change about their own account. */
@Path("/account")
@RolesAllowed(Role.ANNOTATOR)
@Transactional
public class OwnAccount {
  private final CurrentAccount current;
  private final Invitations invitations;
  private final SignIns signIns;
  private final Audit audit;

  @Inject
  OwnAccount(CurrentAccount current, Invitations invitations, SignIns signIns, Audit audit) {
    this.current = current;
    this.invitations = invitations;
    this.signIns = signIns;
    this.audit = audit;
  }

  @CheckedTemplate
  static class Templates {
    private Templates() {}

    /**
     * @param issued a new token, shown this once; empty if there is none
     */
    static native TemplateInstance page(
        Account person, List<ApiToken> tokens, String issued, String failure);
  }

  @GET
  public TemplateInstance page() {
    return page("", "");
  }

  @POST
  public Response change(
      @RestForm @DefaultValue("") String name, @RestForm @DefaultValue("en") String language) {
    Account account = current.get();
    if (Languages.isSpoken(language)) {
      account.language = language;
    }
    account.rename(name);
    return Flash.redirect("/account", "fr".equals(account.language) ? "Enregistré" : "Saved");
  }

  /** Signs out every other browser. */
  @POST
  @Path("password")
  public Response setPassword(
      @RestForm("current") @DefaultValue("") String old,
      @RestForm @DefaultValue("") String password,
      HttpServerRequest request) {
    Account account = current.get();
    if (!account.hasPassword(old)) {
      return Response.status(422).entity(page("", "wrong-password")).build();
    }
    try {
      Passwords.check(password, account.email);
    } catch (Problem weak) {
      return Response.status(422).entity(page("", "weak-password")).build();
    }
    account.setPassword(password);
    WebSession.endAll(account.id);
    audit.record("account.password-changed", "account", account.id, Map.of());
    return Response.fromResponse(
            Flash.redirect("/account", "fr".equals(account.language) ? "Enregistré" : "Saved"))
        .cookie(SessionCookie.holding(signIns.begin(account), request))
        .build();
  }

  @POST
  @Path("tokens")
  public TemplateInstance issueToken(@RestForm @DefaultValue("") String name) {
    String label = name.isBlank() ? "token" : name.strip();
    return page(invitations.token(current.get(), label), "");
  }

  @POST
  @Path("tokens/{id}/revocation")
  public Response revoke(@RestPath UUID id) {
    ApiToken token = ApiToken.findById(id);
    if (token == null || !token.accountId.equals(current.id())) {
      throw Problem.notFound("token", id);
    }
    token.revokedAt = Instant.now();
    audit.record("account.token-revoked", "account", current.id(), Map.of("token", id));
    return Flash.redirect("/account", "OK");
  }

  private TemplateInstance page(String issued, String failure) {
    return Templates.page(current.get(), ApiToken.of(current.id()), issued, failure);
  }
}

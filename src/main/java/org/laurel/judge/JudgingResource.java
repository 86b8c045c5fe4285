package org.laurel.judge;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.web.Audit;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** One judging: followed, stopped, and its votes let into use. */
@Path("/api/judgings/{id}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
@Transactional
public class JudgingResource {
  private final Verdicts verdicts;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  JudgingResource(Verdicts verdicts, CurrentAccount account, Audit audit) {
    this.verdicts = verdicts;
    this.account = account;
    this.audit = audit;
  }

  @GET
  public JudgingView get(@RestPath UUID id) {
    return JudgingView.of(judging(id));
  }

  /** What it said of each pair, in both orders, in the order of the ids. */
  @GET
  @Path("/verdicts")
  public Page<Verdicts.Stored> verdicts(@RestPath UUID id, @BeanParam @Valid Cursor cursor) {
    judging(id);
    return Page.of(
        verdicts.page(id, cursor.after(last -> verdicts.has(id, last)), cursor.limit + 1),
        cursor.limit,
        verdict -> verdict.id().toString());
  }

  /** Asks it to stop; what it has judged stays. */
  @POST
  @Path("/cancel")
  @APIResponseSchema(value = JudgingView.class, responseCode = "202")
  public RestResponse<JudgingView> cancel(@RestPath UUID id) {
    Judging judging = Judging.locked(id);
    if (!judging.isOver()) {
      judging.cancel();
      audit.record("judging.cancelled", "judging", id, Map.of());
    }
    return RestResponse.status(RestResponse.Status.ACCEPTED, JudgingView.of(judging));
  }

  /** Lets rounds use its votes, by somebody who has seen how far it agrees with people. */
  @POST
  @Path("/approve")
  public JudgingView approve(@RestPath UUID id) {
    Judging judging = Judging.locked(id);
    judging.approve(account.id());
    Map<String, Object> seen = new HashMap<>();
    seen.put("calibration", judging.calibration);
    audit.record("judging.approved", "judging", id, seen);
    return JudgingView.of(judging);
  }

  /** Takes its votes out of use; snapshots that hold them keep them. */
  @POST
  @Path("/withdraw")
  public JudgingView withdraw(@RestPath UUID id) {
    Judging judging = Judging.locked(id);
    judging.withdraw();
    audit.record("judging.withdrawn", "judging", id, Map.of());
    return JudgingView.of(judging);
  }

  private static Judging judging(UUID id) {
    return Judging.<Judging>findByIdOptional(id).orElseThrow(() -> Problem.notFound("judging", id));
  }
}

package org.laurel.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;

/** The policy versions that a request may name. */
@Path("/v1/models")
@RolesAllowed(Role.REVIEWER)
@Produces(MediaType.APPLICATION_JSON)
public class Models {
  private static final int MOST = 200;

  /** OpenAI's list. */
  public record Listing(String object, List<Model> data) {}

  /** One policy version. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Model(String id, String object, long created, String ownedBy) {}

  @GET
  public Listing list() {
    return new Listing(
        "list",
        PolicyVersion.page(null, MOST).stream()
            .map(
                version ->
                    new Model(version.name, "model", version.createdAt.getEpochSecond(), "laurel"))
            .toList());
  }
}

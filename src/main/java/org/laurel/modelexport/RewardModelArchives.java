package org.laurel.modelexport;

import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.engine.reward.Backbone;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.web.Problem;

/** A reward model with everything that other programs need to use it. */
@Path("/api/reward-models/{id}/archive")
@RolesAllowed(Role.ADMINISTRATOR)
public class RewardModelArchives {
  private final ModelArchive archive;

  @Inject
  RewardModelArchives(ModelArchive archive) {
    this.archive = archive;
  }

  @GET
  @Produces({"application/zip", MediaType.APPLICATION_JSON})
  @Transactional
  @Operation(
      summary = "The reward model in Hugging Face's layout with ONNX and a model card, as a zip")
  @APIResponse(
      responseCode = "200",
      description = "The archive",
      content =
          @Content(
              mediaType = "application/zip",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response get(@RestPath UUID id) {
    RewardModelVersion version =
        RewardModelVersion.<RewardModelVersion>findByIdOptional(id)
            .orElseThrow(() -> Problem.notFound("reward model", id));
    boolean encoder = version.backbone.equals(Backbone.MINILM.key());
    List<Ancestor> line =
        version.policyId == null || encoder ? List.of() : Ancestor.line(version.policyId);
    RewardModelCard.Data data = data(version);
    return archive.response(
        version.name,
        version.artifactHash,
        line,
        encoder ? Terms.MINILM : Terms.UNKNOWN,
        (folder, terms) -> RewardModelCard.of(version, folder, data, line, terms));
  }

  private static RewardModelCard.@Nullable Data data(RewardModelVersion version) {
    List<?> rows =
        RewardModelVersion.getEntityManager()
            .createNativeQuery(
                """
                select encode(s.content_hash, 'hex'), s.row_count, r.seed
                  from reward_model_version v
                  join dataset_snapshot s on s.id = v.snapshot_id
                  left join run r on r.id = v.run_id
                 where v.id = :id
                """,
                Object[].class)
            .setParameter("id", version.id)
            .getResultList();
    if (rows.isEmpty()) {
      return null;
    }
    Object[] c = (Object[]) rows.get(0);
    return new RewardModelCard.Data(
        String.valueOf(c[0]), ((Number) Objects.requireNonNull(c[1])).longValue(), (Long) c[2]);
  }
}

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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.laurel.account.Role;
import org.laurel.model.ModelDirectory;
import org.laurel.policy.PolicyVersion;
import org.laurel.web.Problem;

/** A policy with everything that other programs need to use it. */
@Path("/api/policies/{policy}/archive")
@RolesAllowed(Role.ADMINISTRATOR)
public class PolicyArchives {
  private final ModelArchive archive;

  @Inject
  PolicyArchives(ModelArchive archive) {
    this.archive = archive;
  }

  @GET
  @Produces({"application/zip", MediaType.APPLICATION_JSON})
  @Transactional
  @Operation(summary = "The policy in Hugging Face's layout with ONNX and a model card, as a zip")
  @APIResponse(
      responseCode = "200",
      description = "The archive",
      content =
          @Content(
              mediaType = "application/zip",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response get(@RestPath String policy) {
    PolicyVersion version =
        PolicyVersion.named(policy).orElseThrow(() -> Problem.notFound("policy", policy));
    List<Ancestor> line = Ancestor.line(version.id);
    return archive.response(
        version.name,
        version.artifactHash,
        line.subList(1, line.size()),
        Terms.UNKNOWN,
        (folder, terms) ->
            PolicyCard.of(version, ModelDirectory.open(folder).config(), line, terms));
  }
}

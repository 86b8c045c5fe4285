package org.laurel.modelimport;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.account.Role;
import org.laurel.run.Machine;
import org.laurel.web.Audit;
import org.laurel.web.BoundsItself;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/** Policies from elsewhere over HTTP: begun here, followed and cancelled by their id. */
@Path("/api/policies/imports")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.ADMINISTRATOR)
public class PolicyImports {
  private final ImportSettings settings;
  private final ImportFolders folders;
  private final ImportWorker worker;
  private final Machine machine;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  PolicyImports(
      ImportSettings settings,
      ImportFolders folders,
      ImportWorker worker,
      Machine machine,
      CurrentAccount account,
      Audit audit) {
    this.settings = settings;
    this.folders = folders;
    this.worker = worker;
    this.machine = machine;
    this.account = account;
    this.audit = audit;
  }

  /** Newest first. */
  @GET
  @Transactional
  public Page<ImportView> list(@BeanParam @Valid Cursor cursor) {
    UUID last = cursor.last(id -> PolicyImport.findByIdOptional(id).isPresent());
    return Page.of(
            PolicyImport.page(last, cursor.limit + 1), cursor.limit, job -> job.id.toString())
        .map(ImportView::of);
  }

  @GET
  @Path("/{id}")
  @Transactional
  public ImportView get(@RestPath UUID id) {
    return ImportView.of(job(id));
  }

  /** Begins an import from the hub or from an allowed folder. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @APIResponseSchema(value = ImportView.class, responseCode = "202")
  @Operation(summary = "Imports a policy from the hub, an allowed folder or an archive")
  public RestResponse<ImportView> begin(@NotNull @Valid ImportRequest request) {
    return begun(request.job(settings), null);
  }

  /** Takes an archive of a Hugging Face directory and begins to import it. */
  @POST
  @Consumes({
    "application/zip",
    "application/x-zip-compressed",
    "application/x-tar",
    "application/gzip",
    "application/x-gzip",
    "application/x-compressed-tar",
    MediaType.APPLICATION_OCTET_STREAM
  })
  @BoundsItself
  @Operation(summary = "Imports a policy from a .zip, .tar or .tar.gz of a Hugging Face directory")
  @APIResponseSchema(value = ImportView.class, responseCode = "202")
  public RestResponse<ImportView> upload(
      @QueryParam("file") @DefaultValue("archive") @Size(min = 1, max = 255) String file,
      @QueryParam("name") @Nullable String name,
      @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Parameter(hidden = true) @Nullable Long length,
      InputStream body)
      throws IOException {
    PolicyImport job = new PolicyImport();
    job.kind = PolicyImport.ARCHIVE;
    job.source = file;
    job.name = ImportRequest.checked(name);
    long most = settings.maxSize();
    if (length != null && length > most) {
      throw tooLarge(most);
    }
    if (length != null && length > folders.free() / 3) {
      throw new Problem(507, "Insufficient storage", "the disk is too full for this archive");
    }
    java.nio.file.Path folder = folders.fresh();
    try {
      new Copying(bytes -> {}).copy(body, folder.resolve("archive"), most);
      return begun(job, folder);
    } catch (Bounded.Exceeded e) {
      throw tooLarge(most);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "Stopping", "the server is stopping");
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  /** Asks an import to stop; nothing of it stays. */
  @POST
  @Path("/{id}/cancel")
  @Transactional
  @APIResponseSchema(value = ImportView.class, responseCode = "202")
  public RestResponse<ImportView> cancel(@RestPath UUID id) {
    PolicyImport job = PolicyImport.locked(id).orElseThrow(() -> Problem.notFound("import", id));
    if (!job.isOver()) {
      job.cancel();
      audit.record("policy.import_cancelled", "policy_import", id, Map.of());
    }
    return RestResponse.status(RestResponse.Status.ACCEPTED, ImportView.of(job));
  }

  /**
   * @param uploaded becomes the import's folder
   */
  private RestResponse<ImportView> begun(PolicyImport job, java.nio.file.@Nullable Path uploaded) {
    ImportView view =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  job.machine = machine.name();
                  job.createdBy = account.id();
                  job.persistAndFlush();
                  if (uploaded != null) {
                    // Before the commit: whoever sees the import finds its archive.
                    Files.move(uploaded, folders.of(job.id));
                  }
                  audit.record(
                      "policy.import_begun",
                      "policy_import",
                      job.id,
                      Map.of("kind", job.kind, "source", job.source));
                  return ImportView.of(job);
                });
    worker.wake();
    return RestResponse.status(RestResponse.Status.ACCEPTED, view);
  }

  private static Problem tooLarge(long most) {
    return Problem.tooLarge(
        "a model may have %d MiB on this server (LAUREL_MODELS_MAX_SIZE)".formatted(most >> 20));
  }

  private static PolicyImport job(UUID id) {
    return PolicyImport.<PolicyImport>findByIdOptional(id)
        .orElseThrow(() -> Problem.notFound("import", id));
  }
}

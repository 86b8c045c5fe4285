package org.laurel.modelimport;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import org.laurel.artifact.Artifact;
import org.laurel.artifact.Artifacts;
import org.laurel.hub.Hub;
import org.laurel.hub.HubException;
import org.laurel.hub.HubFile;
import org.laurel.hub.HubModel;
import org.laurel.hub.HubRevision;

/**
 * Does the work of a {@link PolicyImport}: fetches the files, checks them, and makes them a policy
 * version. May be run again after it was interrupted at any place.
 */
@ApplicationScoped
class ImportJob {
  private final Artifacts artifacts;
  private final ImportFolders folders;
  private final ImportSettings settings;
  private final ImportedVersions versions;

  @Inject
  ImportJob(
      Artifacts artifacts,
      ImportFolders folders,
      ImportSettings settings,
      ImportedVersions versions) {
    this.artifacts = artifacts;
    this.folders = folders;
    this.settings = settings;
    this.versions = versions;
  }

  /** Runs to the end, a failure, or the request to stop; leaves early when interrupted. */
  void run(UUID id) throws InterruptedException {
    PolicyImport job = change(id, found -> found.begin());
    if (job.isOver()) {
      return;
    }
    try {
      importModel(job);
    } catch (Cancelled e) {
      change(id, found -> found.end("cancelled", null));
    } catch (HubException | RefusedModel e) {
      fail(id, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException | Error e) {
      Log.errorf(e, "import %s failed", id);
      fail(id, "the import broke off: " + e.getMessage());
    }
    tidy(id);
  }

  private void importModel(PolicyImport job)
      throws HubException, RefusedModel, IOException, InterruptedException {
    Path files = Files.createDirectories(folders.of(job.id).resolve("files"));
    ImportProgress progress = new ImportProgress(job.id);
    switch (job.kind) {
      case PolicyImport.HUB -> fetch(job, files, progress);
      case PolicyImport.ARCHIVE -> unpack(job, files, progress);
      default -> copy(job, files, progress);
    }
    progress.phase("checking", null);
    Candidate candidate = Candidate.open(Candidate.locate(files));
    progress.phase("converting", null);
    candidate.writeOnnx();
    progress.phase("storing", null);
    Artifact artifact = artifacts.add(candidate.folder());
    versions.register(job.id, artifact, candidate.parameters());
  }

  private void fetch(PolicyImport job, Path files, ImportProgress progress)
      throws HubException, RefusedModel, IOException, InterruptedException {
    progress.phase("fetching", null);
    Hub hub = settings.hub();
    HubModel model = HubModel.of(job.source, job.revision);
    // After a restart the same commit is asked for, wherever the branch is by now.
    HubRevision revision =
        hub.revision(job.commit == null ? model : new HubModel(job.source, job.commit));
    change(
        job.id,
        found -> {
          found.commit = revision.commit();
          found.endpoint = settings.endpoint().toString();
        });
    List<HubFile> needed =
        revision.files().stream().filter(file -> ModelFiles.isNeeded(file.name())).toList();
    if (needed.stream().noneMatch(file -> ModelFiles.isWeights(file.name()))) {
      throw new RefusedModel(model.id() + " has no weights in safetensors form");
    }
    long total = needed.stream().mapToLong(HubFile::size).sum();
    if (needed.stream().anyMatch(file -> file.size() < 0) || total > settings.maxSize()) {
      throw new RefusedModel(
          "%s has %d MiB; this server takes %d MiB (LAUREL_MODELS_MAX_SIZE)"
              .formatted(model.id(), total >> 20, settings.maxSize() >> 20));
    }
    requireSpace(total);
    progress.phase("fetching", total);
    long before = 0;
    for (HubFile file : needed) {
      long earlier = before;
      hub.fetch(
          revision, file, files.resolve(file.name()), bytes -> progress.fetched(earlier + bytes));
      before += file.size();
    }
  }

  void unpack(PolicyImport job, Path files, ImportProgress progress)
      throws RefusedModel, IOException, InterruptedException {
    Path archive = folders.archive(job.id);
    if (Files.notExists(archive)) {
      throw new RefusedModel("the uploaded archive is no longer on this server; upload it again");
    }
    FileUtils.deleteDirectory(files.toFile());
    Files.createDirectories(files);
    progress.phase("fetching", null);
    // The archive stays until the import is over: after a restart it is unpacked again.
    Archive.unpack(archive, files, Limits.of(settings.maxSize()), new Copying(progress));
  }

  private void copy(PolicyImport job, Path files, ImportProgress progress)
      throws RefusedModel, InterruptedException {
    progress.phase("fetching", null);
    // Asked again: the operator may have thought better of it since.
    Path from = ModelFolder.allowed(job.source, settings.folders());
    ModelFolder.copy(from, files, settings.folders(), settings.maxSize(), progress);
  }

  /** Files and artifact lie side by side for a moment, and ONNX holds the weights once more. */
  private void requireSpace(long bytes) throws RefusedModel, IOException {
    long free = folders.free();
    if (free < 2 * bytes) {
      throw new RefusedModel(
          "%d MiB of disk are needed and %d MiB are free".formatted((2 * bytes) >> 20, free >> 20));
    }
  }

  private void fail(UUID id, @Nullable String why) {
    change(id, found -> found.end("failed", why));
  }

  private void tidy(UUID id) {
    try {
      FileUtils.deleteDirectory(folders.of(id).toFile());
    } catch (IOException e) {
      Log.warnf("the files of import %s stay behind: %s", id, e.getMessage());
    }
  }

  /** What is done to the row. */
  private interface Change {
    void to(PolicyImport job);
  }

  private static PolicyImport change(UUID id, Change change) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              PolicyImport job = PolicyImport.locked(id).orElseThrow();
              change.to(job);
              return job;
            });
  }
}

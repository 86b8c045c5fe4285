package org.laurel.modelexport;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.laurel.artifact.Artifacts;
import org.laurel.artifact.MissingArtifact;

/** A model's folder on its way out: its files, its card, and the notices of its base. */
@ApplicationScoped
class ModelArchive {
  private static final String CARD = "README.md";

  private final Artifacts artifacts;

  @Inject
  ModelArchive(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /** Writes a card about the model in that folder. */
  interface Card {
    String of(Path folder, Terms terms);
  }

  /**
   * The answer to a download.
   *
   * @param name the version's
   * @param line where its terms come from, the nearest first
   * @param otherwise its terms where none of them says any
   */
  Response response(String name, String hash, List<Ancestor> line, Terms otherwise, Card card) {
    Path folder = artifacts.directory(hash);
    Map<String, byte[]> more = new LinkedHashMap<>();
    // What came with a card keeps it: who made the model knows best.
    if (!Files.isRegularFile(folder.resolve(CARD))) {
      Terms said = terms(folder, name, line);
      Terms terms = said.isKnown() ? said : otherwise;
      more.put(CARD, card.of(folder, terms).getBytes(StandardCharsets.UTF_8));
      more.putAll(terms.files());
    }
    String file = name.replaceAll("[^A-Za-z0-9._-]", "_");
    StreamingOutput zip = out -> artifacts.zip(hash, file, more, out);
    return Response.ok(zip, "application/zip")
        .header("Content-Disposition", "attachment; filename=\"" + file + ".zip\"")
        .build();
  }

  /** What the model itself says, else what the nearest one before it does. */
  private Terms terms(Path folder, String name, List<Ancestor> line) {
    try {
      Terms own = Terms.in(folder, name);
      for (int i = 0; i < line.size() && !own.isKnown(); i++) {
        own = Terms.in(artifacts.directory(line.get(i).artifactHash()), line.get(i).name());
      }
      return own;
    } catch (MissingArtifact e) {
      // A base whose files are gone says nothing any more.
      return Terms.UNKNOWN;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the terms of " + name, e);
    }
  }
}

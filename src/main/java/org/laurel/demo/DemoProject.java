package org.laurel.demo;

import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.laurel.imports.ImportReport;
import org.laurel.imports.Imports;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Project;
import org.laurel.sampling.Sampling;
import org.laurel.web.Audit;

/**
 * Makes the demo project in an empty database: guidelines, the prompts that ship with Laurel, and a
 * first sampling of the starter policy that opens tasks while the server runs.
 */
@ApplicationScoped
public class DemoProject {
  /** After the starter policy was registered. */
  private static final int LATE = 500;

  private static final List<String> PROMPTS = List.of("everyday.ndjson");
  private static final int COMPLETIONS = 4;

  private final boolean wanted;
  private final Imports imports;
  private final Audit audit;

  @Inject
  DemoProject(@ConfigProperty(name = "laurel.demo") boolean wanted, Imports imports, Audit audit) {
    this.wanted = wanted;
    this.imports = imports;
    this.audit = audit;
  }

  void seed(@Observes @Priority(LATE) StartupEvent start) {
    if (wanted && QuarkusTransaction.requiringNew().call(() -> Project.count() == 0)) {
      QuarkusTransaction.requiringNew().timeout(600).run(() -> create("Everyday questions"));
    }
  }

  /** Runs in the caller's transaction: the project is there whole or not at all. */
  Project create(String name) {
    Project project = new Project();
    project.name = name;
    project.completionsPerPrompt = COMPLETIONS;
    project.demo = true;
    project.persistAndFlush();
    project.setGuidelines(text("guidelines.md"), null);
    long prompts = 0;
    for (String file : PROMPTS) {
      prompts += prompts(project.id, file);
    }
    audit.record("project.created", "project", project.id, Map.of("name", name, "demo", true));
    Optional<PolicyVersion> starter =
        PolicyVersion.find("kind = 'starter' order by id desc").firstResultOptional();
    starter.ifPresent(
        policy -> Sampling.queue(project.id, policy.id, COMPLETIONS, project.overlap));
    Log.infof("made the demo project '%s' with %d prompts", name, prompts);
    return project;
  }

  private long prompts(UUID project, String file) {
    try (InputStream lines = resource("/starter-prompts/" + file)) {
      ImportReport report = imports.prompts(project, lines, "starter");
      return report.imported();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the prompts that ship with Laurel", e);
    }
  }

  private static String text(String file) {
    try (InputStream text = resource("/demo/" + file)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static InputStream resource(String path) {
    InputStream resource = DemoProject.class.getResourceAsStream(path);
    if (resource == null) {
      throw new IllegalStateException("this build lacks " + path);
    }
    return resource;
  }
}

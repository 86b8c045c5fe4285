package org.laurel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.artifact.Artifacts;
import org.laurel.hub.LocalHub;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import picocli.CommandLine;

/** The command against a server: every way in which a model may come. */
@QuarkusTest
class ImportPolicyTest {
  @Inject Artifacts artifacts;

  @TempDir Path folder;

  private final String token = TestAccounts.token(TestAccounts.create(Role.ADMINISTRATOR));

  private record Outcome(int status, String out, String err) {}

  @Test
  void aFolderIsSentAndBecomesAPolicy() throws IOException {
    Path model = model(51);

    Outcome outcome = run(token, "--name", "from-folder-51", model.toString());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    PolicyVersion policy = policy(outcome);
    assertThat(policy.name).isEqualTo("from-folder-51");
    assertThat(artifacts.directory(policy.artifactHash).resolve("model.safetensors"))
        .hasSameBinaryContentAs(model.resolve("model.safetensors"));
  }

  @Test
  void anArchiveThatThisServerGaveIsSentBack() throws IOException {
    PolicyVersion original = TestPolicies.create(52);
    byte[] zip =
        TestAccounts.as(Role.ADMINISTRATOR)
            .get("/api/policies/" + original.id + "/archive")
            .asByteArray();
    Path archive = Files.write(folder.resolve("taken-away.zip"), zip);

    Outcome outcome = run(token, archive.toString());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(policy(outcome).name).startsWith("taken-away");
  }

  @Test
  void whatIsNoFileIsAskedOfTheHub() throws IOException {
    try (LocalHub hub = new LocalHub()) {
      System.setProperty("hf.endpoint", hub.address().toString());
      hub.putAll(model(53));

      Outcome outcome =
          run(token, "--revision", "v1.0", "--name", "from-the-hub-53", "laurel/tiny");

      assertThat(outcome.status()).as(outcome.err()).isZero();
      assertThat(policy(outcome).kind).isEqualTo("import");
      assertThat(policy(outcome).name).isEqualTo("from-the-hub-53");
      assertThat(hub.asked()).anyMatch(asked -> asked.path().endsWith("/revision/v1.0"));
    } finally {
      System.clearProperty("hf.endpoint");
    }
  }

  @Test
  void whatGoesWrongIsSaid() throws IOException {
    Path broken = model(54);
    Files.writeString(broken.resolve("config.json"), "{\"model_type\": \"mamba\"}");
    assertThat(run(token, broken.toString()))
        .satisfies(outcome -> assertThat(outcome.status()).isNotZero())
        .extracting(Outcome::err)
        .asString()
        .contains("mamba");
    assertThat(run(token, folder.toString()).err()).contains("has no config.json");
    assertThat(run("laurel_wrong", broken.toString()).err()).contains("401");
    assertThat(run("", broken.toString()).err()).contains("LAUREL_ADMIN_TOKEN");
  }

  private Path model(long seed) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("model-" + seed));
    try (var all = Files.list(artifacts.directory(TestPolicies.create(seed).artifactHash))) {
      for (Path file : all.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** The version that the command names. */
  private static PolicyVersion policy(Outcome outcome) {
    String[] words = outcome.out().strip().split(" ");
    return QuarkusTransaction.requiringNew()
        .call(() -> PolicyVersion.findById(UUID.fromString(words[1])));
  }

  private Outcome run(String token, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        new CommandLine(new ImportPolicy())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(
                (failure, line, parsed) -> {
                  line.getErr().println(failure.getMessage());
                  return 1;
                });
    String[] all = new String[arguments.length + 2];
    all[0] = "--url=http://localhost:" + RestAssured.port;
    all[1] = "--token=" + token;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    int status = command.execute(all);
    return new Outcome(status, out.toString(), err.toString());
  }
}

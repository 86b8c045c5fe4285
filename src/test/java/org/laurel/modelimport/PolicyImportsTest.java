package org.laurel.modelimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.artifact.Artifacts;
import org.laurel.hub.LocalHub;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.policy.TestPolicies;
import org.laurel.run.Machine;
import org.laurel.serving.SamplingParameters;

@QuarkusTest
class PolicyImportsTest {
  @Inject Artifacts artifacts;
  @Inject ServedPolicies served;
  @Inject ImportFolders folders;
  @Inject ImportJob importJob;
  @Inject ImportWorker worker;
  @Inject Machine machine;
  @TempDir Path folder;

  private final Account administrator = TestAccounts.create(Role.ADMINISTRATOR);
  private final LocalHub hub = new LocalHub();

  @BeforeEach
  void aHub() {
    System.setProperty("hf.endpoint", hub.address().toString());
  }

  @AfterEach
  void stop() {
    hub.close();
    System.clearProperty("hf.endpoint");
    System.clearProperty("laurel.models.folders");
  }

  @Test
  void anExportedArchiveBecomesTheSamePolicyAgain() throws Exception {
    PolicyVersion original = TestPolicies.create(11);
    byte[] zip = zip(original);

    JsonPath job = end(upload(zip, "roundtrip.zip").statusCode(202));

    assertThat(job.getString("status")).as(job.getString("error")).isEqualTo("finished");
    PolicyVersion imported = policy(job);
    assertThat(imported.name).startsWith("roundtrip");
    assertThat(imported.kind).isEqualTo("import");
    assertThat(imported.parameterCount).isPositive();
    assertThat(file(imported, "model.safetensors"))
        .hasSameBinaryContentAs(file(original, "model.safetensors"));
    assertThat(file(imported, "onnx/model.onnx")).isNotEmptyFile();
    assertThat(file(imported, "README.md")).content().contains("# " + original.name);
    assertThat(answer(imported)).isEqualTo(answer(original)).isNotEmpty();

    JsonPath again = end(upload(zip, "other name.zip").statusCode(202));
    assertThat(again.getString("policy")).isEqualTo(imported.id.toString());
  }

  @Test
  void aModelComesFromTheHubWithItsLineage() throws Exception {
    PolicyVersion original = TestPolicies.create(12);
    hub.putAll(artifacts.directory(original.artifactHash));
    hub.put("pytorch_model.bin", new byte[10]);
    hub.breakConnections(1, 20_000);

    JsonPath job = end(begin(Map.of("hub", "laurel/tiny", "revision", "v1.0")).statusCode(202));

    assertThat(job.getString("status")).as(job.getString("error")).isEqualTo("finished");
    assertThat(job.getString("commit")).isEqualTo(LocalHub.COMMIT);
    assertThat(answer(policy(job))).isEqualTo(answer(original));
    assertThat(hub.asked()).noneMatch(asked -> asked.path().endsWith("pytorch_model.bin"));
    as().get("/api/policies/" + job.getString("policy"))
        .then()
        .body("origin.source", equalTo("laurel/tiny"))
        .body("origin.revision", equalTo("v1.0"))
        .body("origin.commit", equalTo(LocalHub.COMMIT));
  }

  @Test
  void anImportGoesOnAfterTheServerWasKilled() throws Exception {
    PolicyVersion original = TestPolicies.create(13);
    hub.putAll(artifacts.directory(original.artifactHash));
    byte[] weights = Files.readAllBytes(file(original, "model.safetensors"));
    UUID id =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  PolicyImport job = new PolicyImport();
                  job.kind = PolicyImport.HUB;
                  job.source = "laurel/tiny";
                  job.revision = "main";
                  job.machine = machine.name();
                  job.status = "running";
                  job.persistAndFlush();
                  Path files = Files.createDirectories(folders.of(job.id).resolve("files"));
                  Files.write(files.resolve("model.safetensors"), Arrays.copyOf(weights, 9_000));
                  return job.id;
                });
    worker.wake();

    JsonPath job = end(as().get("/api/policies/imports/" + id).then());

    assertThat(job.getString("status")).as(job.getString("error")).isEqualTo("finished");
    assertThat(hub.asked()).anyMatch(asked -> asked.range().equals("bytes=9000-"));
    assertThat(folders.of(id)).doesNotExist();
  }

  @Test
  void anUploadIsUnpackedAgainAfterTheServerWasKilled() throws Exception {
    byte[] zip = zip(TestPolicies.create(17));
    PolicyImport job =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  PolicyImport upload = new PolicyImport();
                  upload.kind = PolicyImport.ARCHIVE;
                  upload.source = "killed.zip";
                  upload.machine = "not the worker's";
                  upload.persistAndFlush();
                  return upload;
                });
    Path files = Files.createDirectories(folders.of(job.id).resolve("files"));
    Files.write(folders.archive(job.id), zip);
    importJob.unpack(job, files, new ImportProgress(job.id));

    importJob.run(job.id);

    JsonPath ended = end(as().get("/api/policies/imports/" + job.id).then());
    assertThat(ended.getString("status")).as(ended.getString("error")).isEqualTo("finished");
    assertThat(folders.of(job.id)).doesNotExist();
  }

  @Test
  void aDownloadIsCancelled() throws Exception {
    hub.putAll(artifacts.directory(TestPolicies.create(14).artifactHash));
    hub.pause(300);
    String id = begin(Map.of("hub", "laurel/tiny")).statusCode(202).extract().path("id");

    as().post("/api/policies/imports/" + id + "/cancel").then().statusCode(202);

    JsonPath job = end(as().get("/api/policies/imports/" + id).then());
    assertThat(job.getString("status")).isEqualTo("cancelled");
    assertThat(job.getString("policy")).isNull();
    assertThat(folders.of(UUID.fromString(id))).doesNotExist();
  }

  @Test
  void whatIsWrongWithAModelIsSaid() throws Exception {
    hub.putAll(artifacts.directory(TestPolicies.create(15).artifactHash));
    hub.put("chat_template.jinja", "{{ messages[0].content | backwards }}".getBytes());
    assertFailure(
        begin(Map.of("hub", "laurel/tiny")),
        "its chat template cannot be used: chat template, line 1: '| backwards' is not supported");

    hub.put("config.json", "{\"model_type\": \"mamba\"}".getBytes());
    assertFailure(begin(Map.of("hub", "laurel/tiny")), "config.json: ", "mamba");

    hub.refuse(401, "GatedRepo");
    assertFailure(begin(Map.of("hub", "laurel/tiny")), "is gated: accept its terms");

    assertFailure(upload("PK\3\4 broken".getBytes(), "x.zip"), "the archive cannot be unpacked");
  }

  @Test
  void foldersAreImportedFromWhereTheOperatorAllows() throws Exception {
    PolicyVersion original = TestPolicies.create(16);
    Path model = artifacts.directory(original.artifactHash);
    begin(Map.of("path", model.toString()))
        .statusCode(422)
        .body("detail", containsString("imports from no folder"));

    System.setProperty("laurel.models.folders", folder.toString());
    for (String path : new String[] {model.toString(), folder + "/../..", "/etc"}) {
      begin(Map.of("path", path))
          .statusCode(422)
          .body("detail", containsString("is no folder below"))
          .body("errors.field", hasItem("path"));
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), model);
    begin(Map.of("path", link.toString())).statusCode(422);
    begin(Map.of("path", "no\0path")).statusCode(422);

    Path inside = Files.createDirectory(folder.resolve("inside"));
    for (String name : new String[] {"config.json", "tokenizer.json", "chat_template.jinja"}) {
      Files.copy(model.resolve(name), inside.resolve(name));
    }
    Files.createSymbolicLink(
        inside.resolve("model.safetensors"), model.resolve("model.safetensors"));
    assertFailure(begin(Map.of("path", inside.toString())), "a link to a place that is not");
    Files.delete(inside.resolve("model.safetensors"));
    Files.copy(model.resolve("model.safetensors"), inside.resolve("model.safetensors"));

    JsonPath job = end(begin(Map.of("path", inside.toString(), "name", "Inside-1")));
    assertThat(job.getString("status")).as(job.getString("error")).isEqualTo("finished");
    assertThat(job.getString("policyName")).isEqualTo("Inside-1");
    assertThat(answer(policy(job))).isEqualTo(answer(original));
  }

  @Test
  void onlyAdministratorsImportAndOnlyWhatIsNamed() {
    for (String role : new String[] {Role.ANNOTATOR, Role.REVIEWER}) {
      TestAccounts.as(role)
          .contentType(ContentType.JSON)
          .body(Map.of("hub", "laurel/tiny"))
          .post("/api/policies/imports")
          .then()
          .statusCode(403);
    }
    begin(Map.of()).statusCode(422);
    begin(Map.of("hub", "a/b", "path", "/x")).statusCode(422);
    begin(Map.of("hub", "../secrets")).statusCode(422).body("errors.field", hasItem("hub"));
    begin(Map.of("hub", "a/b", "name", "serving"))
        .statusCode(422)
        .body("errors.field", hasItem("name"));
    as().get("/api/policies/imports/" + UUID.randomUUID()).then().statusCode(404);
  }

  private RequestSpecification as() {
    return TestAccounts.as(administrator);
  }

  private ValidatableResponse begin(Map<String, ?> request) {
    return as().contentType(ContentType.JSON).body(request).post("/api/policies/imports").then();
  }

  private ValidatableResponse upload(byte[] archive, String file) {
    return as().contentType("application/octet-stream")
        .body(archive)
        .queryParam("file", file)
        .post("/api/policies/imports")
        .then();
  }

  private void assertFailure(ValidatableResponse begun, String... words)
      throws InterruptedException {
    JsonPath job = end(begun.statusCode(202));
    assertThat(job.getString("status")).isEqualTo("failed");
    assertThat(job.getString("error"))
        .contains(words)
        .doesNotContain(folders.of(UUID.fromString(job.getString("id"))).toString());
  }

  /** The import once nothing changes any more. */
  private JsonPath end(ValidatableResponse begun) throws InterruptedException {
    String id = begun.extract().path("id");
    Instant late = Instant.now().plus(Duration.ofSeconds(40));
    while (Instant.now().isBefore(late)) {
      JsonPath job =
          as().get("/api/policies/imports/" + id).then().statusCode(200).extract().jsonPath();
      if (job.getString("finishedAt") != null) {
        return job;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the import does not end");
  }

  private static PolicyVersion policy(JsonPath job) {
    UUID id = UUID.fromString(job.getString("policy"));
    return QuarkusTransaction.requiringNew().call(() -> PolicyVersion.findById(id));
  }

  private Path file(PolicyVersion version, String name) {
    return artifacts.directory(version.artifactHash).resolve(name);
  }

  /** The policy as it leaves. */
  private byte[] zip(PolicyVersion version) {
    return as().get("/api/policies/" + version.id + "/archive")
        .then()
        .statusCode(200)
        .extract()
        .asByteArray();
  }

  /** What the policy says when it always takes the likeliest token. */
  private @Nullable String answer(PolicyVersion version) throws InterruptedException {
    try (ServedPolicy policy = served.open(version)) {
      SamplingParameters greedy = SamplingParameters.greedy(16, policy.config().eosTokenId());
      return policy.text(
          policy.session().generate(List.of(policy.prompt("Hello?")), greedy).get(0));
    }
  }
}

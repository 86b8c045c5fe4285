package org.laurel.modelexport;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.account.Role;
import org.laurel.account.TestAccounts;
import org.laurel.artifact.Artifacts;
import org.laurel.model.EncoderConfig;
import org.laurel.model.EncoderDirectory;
import org.laurel.model.RewardScale;
import org.laurel.model.TensorData;
import org.laurel.onnx.OnnxExport;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.TestPolicies;
import org.laurel.rewardmodel.RewardModelVersion;

@QuarkusTest
class ArchivesTest {
  private static final String HASH = "ab".repeat(32);

  @Inject Artifacts artifacts;
  @Inject EntityManager database;
  @TempDir Path folder;

  @Test
  void aTrainedPolicyLeavesWithACardOfItsLineage() throws IOException {
    PolicyVersion base = TestPolicies.create(31);
    PolicyVersion trained = TestPolicies.create(32);
    licensed(base, "---\nlanguage: en\nlicense: apache-2.0\n---\n# Base\nlicense: mit\n");
    UUID snapshot = snapshot("preference", 412);
    change(
        trained,
        version -> {
          version.kind = "dpo";
          version.parentId = base.id;
          version.snapshotId = snapshot;
          version.hyperparameters = Map.of("beta", 0.1, "note", "a|b <script> `x`\n# no");
          version.metrics = Map.of("objective/kl", 2.3456789);
        });

    Map<String, byte[]> files = archive("/api/policies/" + trained.name + "/archive");

    assertThat(files.keySet())
        .containsExactlyInAnyOrder(
            "README.md",
            "LICENSE",
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            "model.safetensors");
    assertThat(files.get("LICENSE")).isEqualTo("the licence".getBytes());
    assertThat(files.get("model.safetensors"))
        .isEqualTo(
            Files.readAllBytes(
                artifacts.directory(trained.artifactHash).resolve("model.safetensors")));
    assertThat(card(files))
        .startsWith("---\nlicense: apache-2.0\n")
        .contains("pipeline_tag: text-generation", "\"llama\",\"dpo\"")
        .contains("direct preference optimisation", "from " + base.name)
        .contains("| " + base.name + " | import |")
        .contains("| preference " + HASH + " | 412 |", trained.artifactHash, base.artifactHash)
        .contains("| objective/kl | 2.34568 |", "| beta | 0.1 |")
        .contains("a\\|b &lt;script> \\`x\\` \\# no".replace(">", "\\>"))
        .contains("Of its base " + base.name + ": `apache-2.0`. Its LICENSE come")
        .doesNotContain("<script");
  }

  @Test
  void theNearestSaysTheTermsAndTheFarthestWhereItAllBegan() throws IOException {
    PolicyVersion first = TestPolicies.create(41);
    PolicyVersion second = TestPolicies.create(42);
    PolicyVersion third = TestPolicies.create(43);
    RewardModelVersion judge = TestPolicies.createRewardModel(44);
    licensed(first, "---\nlicense: mit\n---\n");
    licensed(second, "---\nlicense: apache-2.0\n---\n");
    execute(
        "insert into policy_import (kind, source, commit, machine, status, phase, policy_id)"
            + " values ('hub', 'laurel/tiny', 'c0ffee', 'here', 'finished', 'over', :policy)",
        Map.of("policy", first.id));
    UUID run = UUID.randomUUID();
    execute(
        "insert into run (id, kind, seed, reward_model_id) values (:run, 'ppo', 77, :judge)",
        Map.of("run", run, "judge", judge.id));
    change(second, version -> version.parentId = first.id);
    change(
        third,
        version -> {
          version.name = "a \"third\"\r\none " + version.id;
          version.parentId = second.id;
          version.runId = run;
          version.kind = "ppo";
        });

    var answer = TestAccounts.as(Role.ADMINISTRATOR).get("/api/policies/" + third.id + "/archive");

    assertThat(answer.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"a__third___one_" + third.id + ".zip\"");
    assertThat(card(archive("/api/policies/" + third.id + "/archive")))
        .startsWith("---\nlicense: apache-2.0\n")
        .contains("base_model: \"laurel/tiny\"\n")
        .contains("| ppo | – | – | " + judge.name + " | 77 |")
        .contains("| import of laurel/tiny @ c0ffee |");

    execute(
        "update policy_version set artifact_hash = :hash where id = :id",
        Map.of("hash", "0".repeat(64), "id", second.id));
    assertThat(card(archive("/api/policies/" + third.id + "/archive")))
        .as("the base's files are gone")
        .startsWith("---\nlicense: unknown\n");
  }

  private void execute(String sql, Map<String, Object> parameters) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              var query = database.createNativeQuery(sql);
              parameters.forEach(query::setParameter);
              query.executeUpdate();
            });
  }

  @Test
  void anEncoderIsOfItsOwnBaseAndItsWordingIsToldApart() throws IOException {
    RewardModelVersion model = TestPolicies.createRewardModel(45);
    Path encoder = folder.resolve("encoder");
    EncoderDirectory.writeReward(
        encoder,
        new EncoderConfig(11, 16, 32, 2, 2, 64, 2, 1e-12, 0),
        new RewardScale(0.5, 2),
        Map.of("ngrams.weight", TensorData.of(FloatBuffer.allocate(3), 3)),
        48,
        folder);
    String hash = artifacts.add(encoder).hash();
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              RewardModelVersion row = RewardModelVersion.findById(model.id);
              row.backbone = "minilm";
              row.artifactHash = hash;
            });

    assertThat(card(archive("/api/reward-models/" + model.id + "/archive")))
        .startsWith("---\nlicense: apache-2.0\n")
        .contains("base_model: \"sentence-transformers/all-MiniLM-L6-v2\"")
        .contains("`ngrams.*`", "logits[:, 0] - (0.5)) / 2.0");
  }

  @Test
  void whereNobodySaidTheLicenceIsUnknownAndTheGraphGoesAlong() throws IOException {
    PolicyVersion policy = TestPolicies.create(33);
    store(policy, copy -> OnnxExport.write(copy));

    Map<String, byte[]> files = archive("/api/policies/" + policy.id + "/archive");

    assertThat(files.get("onnx/model.onnx")).isNotEmpty();
    assertThat(card(files)).startsWith("---\nlicense: unknown\n").contains("has to find out");
  }

  @Test
  void aModelThatCameWithACardKeepsIt() throws IOException {
    PolicyVersion base = TestPolicies.create(34);
    licensed(base, "# Its own card");

    Map<String, byte[]> files = archive("/api/policies/" + base.id + "/archive");

    assertThat(card(files)).isEqualTo("# Its own card");
  }

  @Test
  void aRewardModelLeavesWithItsDataAndItsFigures() throws IOException {
    PolicyVersion base = TestPolicies.create(35);
    licensed(base, "---\nlicense: mit\n---\n");
    RewardModelVersion model = TestPolicies.createRewardModel(36);
    UUID snapshot = snapshot("preference", 97);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              RewardModelVersion row = RewardModelVersion.findById(model.id);
              row.policyId = base.id;
              row.snapshotId = snapshot;
              row.metrics = Map.of("accuracy", 0.6875);
            });

    Map<String, byte[]> files = archive("/api/reward-models/" + model.id + "/archive");

    assertThat(files).containsKeys("config.json", "model.safetensors", "tokenizer.json");
    assertThat(card(files))
        .startsWith("---\nlicense: mit\n")
        .contains("pipeline_tag: text-classification", "AutoModelForSequenceClassification")
        .contains("| rankings | 97 |", HASH, "| accuracy | 0.6875 |", "| " + base.name + " |")
        .contains("logits[:, 0] - (0.0)) / 1.0");
  }

  @Test
  void onlyAdministratorsTakeModelsAway() {
    PolicyVersion policy = TestPolicies.create(37);
    RewardModelVersion model = TestPolicies.createRewardModel(38);
    for (String path :
        new String[] {
          "/api/policies/" + policy.id + "/archive", "/api/reward-models/" + model.id + "/archive"
        }) {
      TestAccounts.as(Role.REVIEWER).get(path).then().statusCode(403);
      TestAccounts.as(Role.ADMINISTRATOR)
          .get(path.replaceAll("[0-9a-f]{8}-", "00000000-"))
          .then()
          .statusCode(404);
    }
  }

  private static Map<String, byte[]> archive(String path) throws IOException {
    byte[] zip =
        TestAccounts.as(Role.ADMINISTRATOR)
            .get(path)
            .then()
            .statusCode(200)
            .contentType("application/zip")
            .extract()
            .asByteArray();
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        assertThat(files.put(entry.getName().replaceFirst("[^/]*/", ""), in.readAllBytes()))
            .as(entry.getName())
            .isNull();
      }
    }
    return files;
  }

  private static String card(Map<String, byte[]> files) {
    return new String(Objects.requireNonNull(files.get("README.md")), StandardCharsets.UTF_8);
  }

  private interface Change<T> {
    void to(T changed) throws IOException;
  }

  private static void change(PolicyVersion version, Consumer<PolicyVersion> to) {
    QuarkusTransaction.requiringNew().run(() -> to.accept(PolicyVersion.findById(version.id)));
  }

  private void licensed(PolicyVersion base, String card) throws IOException {
    store(
        base,
        copy -> {
          Files.writeString(copy.resolve("README.md"), card);
          Files.writeString(copy.resolve("LICENSE"), "the licence");
        });
  }

  /** The version's folder again with something more in it. */
  private void store(PolicyVersion version, Change<Path> more) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(version.name));
    try (var all = Files.list(artifacts.directory(version.artifactHash))) {
      for (Path file : all.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    more.to(copy);
    version.artifactHash = artifacts.add(copy).hash();
    change(version, row -> row.artifactHash = version.artifactHash);
  }

  private UUID snapshot(String kind, long rows) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              UUID project = UUID.randomUUID();
              UUID snapshot = UUID.randomUUID();
              database
                  .createNativeQuery("insert into project (id, name) values (:id, :name)")
                  .setParameter("id", project)
                  .setParameter("name", "archives " + project)
                  .executeUpdate();
              database
                  .createNativeQuery(
                      "insert into dataset_snapshot (id, project_id, kind, row_count, content_hash)"
                          + " values (:id, :project, :kind, :rows, decode(:hash, 'hex'))")
                  .setParameter("id", snapshot)
                  .setParameter("project", project)
                  .setParameter("kind", kind)
                  .setParameter("rows", rows)
                  .setParameter("hash", HASH)
                  .executeUpdate();
              return snapshot;
            });
  }
}

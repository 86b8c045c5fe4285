package org.laurel.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class SnapshotsTest {
  @Inject Snapshots snapshots;
  @Inject Votes votes;
  @TempDir Path folder;
  private UUID project;
  private UUID prompt;

  @BeforeEach
  void aProject() {
    project = votes.project();
    prompt = votes.prompt(project, "How do I boil an egg?");
  }

  @Test
  void rowsAreWhatATrainerReads() throws IOException {
    votes.ranking(project, prompt, List.of("Eight minutes.", "Dunno."));

    JsonNode row = rows(snapshots.freezeRankings(project, null)).get(0);

    assertThat(row.at("/prompt/0/role").textValue()).isEqualTo("user");
    assertThat(row.at("/prompt/0/content").textValue()).isEqualTo("How do I boil an egg?");
    int best = row.at("/groups/0/0").intValue();
    assertThat(row.at("/completions/" + best).textValue()).isEqualTo("Eight minutes.");
    assertThat(row.get("promptHash").textValue()).matches("[0-9a-f]{64}");
    assertThat(row.has("annotator")).isFalse();
  }

  @Test
  void aFrozenVersionStaysWhenTheAnnotatorThinksAgain() throws IOException {
    UUID ranking = votes.ranking(project, prompt, List.of("Eight minutes.", "Dunno."));
    DatasetSnapshot before = snapshots.freezeRankings(project, null);
    List<JsonNode> frozen = rows(before);

    votes.reverse(ranking);
    votes.ranking(project, prompt, List.of("Ten.", "No."));

    assertThat(rows(before)).isEqualTo(frozen);
    DatasetSnapshot after = snapshots.freezeRankings(project, null);
    assertThat(after.rowCount).isEqualTo(2);
    assertThat(after.hash()).isNotEqualTo(before.hash());
  }

  @Test
  void theSameRowsHaveTheSameHash() {
    votes.ranking(project, prompt, List.of("Eight minutes.", "Dunno."));

    assertThat(snapshots.freezeRankings(project, null).hash())
        .isEqualTo(snapshots.freezeRankings(project, null).hash());
  }

  @Test
  void whatCannotBeRankedTeachesNothing() {
    votes.unrankable(votes.ranking(project, prompt, List.of("Eight minutes.", "Dunno.")));

    assertThat(snapshots.freezeRankings(project, null).rowCount).isZero();
  }

  @Test
  void rowsThatChangedBehindOurBackAreRefused() {
    votes.ranking(project, prompt, List.of("Eight minutes.", "Dunno."));
    DatasetSnapshot snapshot = snapshots.freezeRankings(project, null);

    votes.execute("update completion set text = 'Six minutes.' where prompt_id = ?", prompt);

    assertThatThrownBy(() -> snapshots.write(snapshot, folder))
        .hasMessageContaining("was frozen as " + snapshot.hash());
  }

  @Test
  void promptsAndDemonstrationsFreezeToo() throws IOException {
    votes.demonstration(prompt, "Eight minutes in boiling water.");

    assertThat(
            rows(snapshots.freezePrompts(project, null)).get(0).at("/prompt/0/content").textValue())
        .isEqualTo("How do I boil an egg?");
    assertThat(
            rows(snapshots.freezeDemonstrations(project, null))
                .get(0)
                .get("completion")
                .textValue())
        .isEqualTo("Eight minutes in boiling water.");
  }

  @Test
  void nobodyChangesASnapshot() {
    DatasetSnapshot snapshot = snapshots.freezePrompts(project, null);

    assertThatThrownBy(
            () ->
                votes.execute(
                    "update dataset_snapshot set row_count = 7 where id = ?", snapshot.id))
        .hasStackTraceContaining("rows never change");
  }

  @Test
  void nobodyChangesWhatASnapshotHolds() {
    votes.demonstration(prompt, "Eight minutes in boiling water.");
    votes.thumb(prompt, "Eight minutes.", true);
    snapshots.freezePrompts(project, null);
    snapshots.freezeDemonstrations(project, null);
    snapshots.freezeThumbs(project, null);

    for (String kind : List.of("prompt", "demonstration", "thumb")) {
      assertThatThrownBy(
              () ->
                  votes.execute(
                      "update dataset_snapshot_%s set snapshot_id = gen_random_uuid()"
                          .formatted(kind)))
          .as(kind)
          .hasStackTraceContaining("dataset_snapshot_" + kind + " rows never change");
    }
  }

  private List<JsonNode> rows(DatasetSnapshot snapshot) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(snapshots.write(snapshot, folder))) {
      rows.add(Json.parse(line));
    }
    assertThat(rows).hasSize((int) snapshot.rowCount);
    return rows;
  }
}

package org.laurel.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ExportsTest {
  @Inject Exports exports;
  @Inject Votes votes;
  private UUID project;
  private UUID prompt;

  @BeforeEach
  void aRankedPrompt() {
    project = votes.project();
    prompt = votes.prompt(project, "Hi");
    votes.ranking(project, prompt, List.of("best", "middle", "worst"));
  }

  @Test
  void everyPairOfARankingIsARow() throws IOException {
    assertThat(rows(ExportFormat.TRL_PREFERENCE))
        .extracting(row -> row.get("chosen").textValue() + ">" + row.get("rejected").textValue())
        .containsExactlyInAnyOrder("best>middle", "best>worst", "middle>worst");
  }

  @Test
  void onlyTheVersionInForceCounts() throws IOException {
    votes.reverse(votes.ranking(project, prompt, List.of("first", "second")));

    assertThat(rows(ExportFormat.TRL_PREFERENCE))
        .extracting(row -> row.get("chosen").textValue() + ">" + row.get("rejected").textValue())
        .contains("second>first")
        .doesNotContain("first>second");
  }

  @Test
  void demonstrationsComeWithTheInstructionFormats() throws IOException {
    votes.demonstration(prompt, "written by hand");

    assertThat(rows(ExportFormat.ALPACA))
        .extracting(row -> row.get("output").textValue())
        .containsExactly("written by hand", "best");
    assertThat(rows(ExportFormat.HH_RLHF)).hasSize(3);
  }

  @Test
  void thumbsStandBeforeTheLabelsThatRankingsGive() throws IOException {
    votes.thumb(prompt, "liked", true);

    assertThat(rows(ExportFormat.TRL_UNPAIRED))
        .extracting(row -> row.get("completion").textValue() + row.get("label"))
        .containsExactly("likedtrue", "besttrue", "worstfalse");
    assertThat(rows(ExportFormat.THUMBS))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.fieldNames())
                    .toIterable()
                    .containsExactlyElementsOf(ExportFormat.THUMBS.columns.keySet()));
    assertThat(
            exports.write(
                project,
                ExportFormat.TRL_UNPAIRED,
                VotesOf.AI,
                FileType.JSONL,
                new ByteArrayOutputStream()))
        .as("judges give no thumbs")
        .isZero();
  }

  @Test
  void anotherProjectsRowsStayThere() throws IOException {
    UUID other = votes.project();

    for (ExportFormat format : ExportFormat.values()) {
      assertThat(
              exports.write(
                  other, format, VotesOf.PEOPLE, FileType.JSONL, new ByteArrayOutputStream()))
          .as(format.key)
          .isZero();
    }
  }

  private List<JsonNode> rows(ExportFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    exports.write(project, format, VotesOf.PEOPLE, FileType.JSONL, out);
    return out.toString(StandardCharsets.UTF_8).lines().map(Json::parse).toList();
  }
}

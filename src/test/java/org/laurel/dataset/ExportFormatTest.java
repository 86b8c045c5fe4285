package org.laurel.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExportFormatTest {
  private static final String HI = "[{'role':'user','content':'Hi'}]";
  private static final String CONVERSATION =
      "[{'role':'system','content':'Be kind.'},{'role':'user','content':'Hi'},"
          + "{'role':'assistant','content':'Hello'},{'role':'user','content':'Bye'}]";

  @Test
  void threePlacesGiveThreePairsAndATieNone() {
    assertThat(rows(ExportFormat.TRL_PREFERENCE, ranking(HI, "[['b'],['a','c']]")))
        .containsExactly(
            json("{'prompt':'Hi','chosen':'B','rejected':'A'}"),
            json("{'prompt':'Hi','chosen':'B','rejected':'C'}"));
    assertThat(rows(ExportFormat.TRL_PREFERENCE, ranking(HI, "[['b'],['a'],['c']]"))).hasSize(3);
  }

  @Test
  void conversationsKeepTheirMessages() {
    assertThat(rows(ExportFormat.TRL_PREFERENCE_CONVERSATIONAL, ranking(HI, "[['a'],['b']]")))
        .containsExactly(
            json(
                "{'prompt':[{'role':'user','content':'Hi'}],"
                    + "'chosen':[{'role':'assistant','content':'A'}],"
                    + "'rejected':[{'role':'assistant','content':'B'}]}"));
  }

  @Test
  void theMiddleIsNeitherGoodNorBad() {
    assertThat(rows(ExportFormat.TRL_UNPAIRED, ranking(HI, "[['c'],['a'],['b']]")))
        .containsExactly(
            json("{'prompt':'Hi','completion':'C','label':true}"),
            json("{'prompt':'Hi','completion':'B','label':false}"));
    assertThat(rows(ExportFormat.TRL_UNPAIRED, ranking(HI, "[['a','b','c']]"))).isEmpty();
  }

  @Test
  void transcriptsFollowHhRlhf() {
    assertThat(rows(ExportFormat.HH_RLHF, ranking(CONVERSATION, "[['a'],['b']]")))
        .containsExactly(
            Json.object()
                .put(
                    "chosen",
                    "Be kind.\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant: A")
                .put(
                    "rejected",
                    "Be kind.\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant: B"));
  }

  @Test
  void alpacaTellsHistoryApart() {
    assertThat(rows(ExportFormat.ALPACA, ranking(CONVERSATION, "[['a'],['b']]")))
        .containsExactly(
            json(
                "{'instruction':'Bye','input':'','output':'A','system':'Be kind.',"
                    + "'history':[['Hi','Hello']]}"));
  }

  @Test
  void shareGptNamesItsSpeakers() {
    assertThat(rows(ExportFormat.SHAREGPT, ranking(CONVERSATION, "[['a'],['b']]")))
        .containsExactly(
            json(
                "{'conversations':[{'from':'system','value':'Be kind.'},{'from':'human','value':'Hi'},"
                    + "{'from':'gpt','value':'Hello'},{'from':'human','value':'Bye'}],"
                    + "'chosen':{'from':'gpt','value':'A'},'rejected':{'from':'gpt','value':'B'}}"));
  }

  @Test
  void whatCannotBeRankedIsInTheRankingsOnly() {
    RankingRow unrankable = ranking(HI, "[]", true);
    for (ExportFormat format : ExportFormat.values()) {
      assertThat(rows(format, unrankable)).hasSize(format == ExportFormat.RANKINGS ? 1 : 0);
    }
  }

  @Test
  void everyRowHasTheColumnsOfItsFormat() {
    for (ExportFormat format : ExportFormat.values()) {
      for (JsonNode row : rows(format, ranking(CONVERSATION, "[['c'],['a'],['b']]"))) {
        assertThat(row.fieldNames())
            .as(format.key)
            .toIterable()
            .containsExactlyElementsOf(format.columns.keySet());
      }
    }
  }

  static RankingRow ranking(String messages, String groups) {
    return ranking(messages, groups, false);
  }

  private static RankingRow ranking(String messages, String groups, boolean unrankable) {
    return new RankingRow(
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        json(messages),
        json("{'source':'test'}"),
        "en",
        "00",
        json("[{'id':'a','text':'A'},{'id':'b','text':'B'},{'id':'c','text':'C'}]"),
        json(groups),
        json("['b','c','a']"),
        json("{'a':7}"),
        json("{'b':['rude']}"),
        2,
        "clearer",
        unrankable,
        nobody(),
        1,
        1,
        1234L,
        0.5,
        Instant.parse("2026-01-01T00:00:00Z"),
        Instant.parse("2026-01-01T00:00:00Z"),
        nothing(),
        nothing(),
        null,
        nobody(),
        "import",
        null,
        nothing(),
        null);
  }

  private static @Nullable String nothing() {
    return null;
  }

  private static @Nullable UUID nobody() {
    return null;
  }

  private static List<JsonNode> rows(ExportFormat format, RankingRow ranking) {
    return List.copyOf(format.rows(ranking));
  }

  static JsonNode json(String singleQuoted) {
    return Json.parse(singleQuoted.replace('\'', '"'));
  }
}

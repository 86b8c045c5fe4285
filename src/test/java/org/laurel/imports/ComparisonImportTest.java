package org.laurel.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Judgments in the formats of others. */
@QuarkusTest
class ComparisonImportTest extends ImportScene {

  @Test
  void everyPreferenceFormatIsToldFromItsFields() {
    String file =
        """
        {"prompt": "p1", "chosen": "good", "rejected": "bad"}
        {"prompt": [{"role": "user", "content": "p2"}], "chosen": [{"role": "assistant", "content": "good"}], "rejected": [{"role": "assistant", "content": "bad"}]}
        {"chosen": [{"role": "user", "content": "p3"}, {"role": "assistant", "content": "good"}], "rejected": [{"role": "user", "content": "p3"}, {"role": "assistant", "content": "bad"}]}
        {"chosen": "\\n\\nHuman: p4\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p4\\n\\nAssistant: bad"}
        {"conversations": [{"from": "human", "value": "p5"}], "chosen": {"from": "gpt", "value": "good"}, "rejected": {"from": "gpt", "value": "bad"}}
        {"instruction": "p6", "input": "", "chosen": "good", "rejected": "bad"}
        {"prompt": "p7", "completions": ["bad", "good", "fair", "as fair"], "groups": [[1], [2, 3], [0]], "strength": 3}
        """;

    send("comparisons", file)
        .statusCode(200)
        .body("imported", equalTo(7))
        .body("rejected", equalTo(0));
    send("comparisons", file)
        .statusCode(200)
        .body("imported", equalTo(0))
        .body("duplicates", equalTo(7));

    assertThat(
            query(
                "select string_agg(p.text || ':' || a.text || '>' || b.text, ' ' order by p.text) from comparison c"
                    + " join prompt p on p.id = c.prompt_id join completion a on a.id = c.chosen_id"
                    + " join completion b on b.id = c.rejected_id"
                    + " where c.project_id = ? and a.text = 'good' and b.text = 'bad' and not c.tie"))
        .isEqualTo(
            "p1:good>bad p2:good>bad p3:good>bad p4:good>bad p5:good>bad p6:good>bad p7:good>bad");
    assertThat(query("select count(*) from comparison where project_id = ? and tie"))
        .isEqualTo("1");
    assertThat(query("select count(*) from task where project_id = ? and closed_at is null"))
        .isEqualTo("0");
  }

  /** Rows of the kinds that the published data has beside the plain ones. */
  @Test
  void hhRlhfIsTakenAsItIs() {
    String file =
        """
        {"chosen": "\\n\\nHuman: p1\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p1\\n\\nAssistant:"}
        {"chosen": "\\n\\nHuman: p2\\n\\nAssistant: a\\n\\nHuman: b\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p2\\n\\nAssistant: c\\n\\nHuman: d\\n\\nAssistant: bad"}
        {"chosen": "\\n\\nHuman: p3\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p3\\n\\nAssistant: bad\\n\\nHuman: why?"}
        {"chosen": "\\n\\nHuman: p4\\n\\nHuman: more\\n\\nAssistant: good", "rejected": "\\n\\nHuman: p4\\n\\nHuman: more\\n\\nAssistant: \\n\\nAssistant: bad"}
        {"chosen": "\\n\\nHuman: p5\\n\\nAssistant: same", "rejected": "\\n\\nHuman: p5\\n\\nAssistant: same "}
        {"chosen": "\\n\\nHuman: p6\\n\\nAssistant:", "rejected": "\\n\\nHuman: p6\\n\\nAssistant:"}
        {"chosen": "\\n\\nHuman: p7\\n\\nAssistant: good\\n\\nHuman: thanks\\n\\nAssistant: bye", "rejected": "\\n\\nHuman: p7\\n\\nAssistant: good"}
        """;

    send("comparisons?format=hh-rlhf", file)
        .statusCode(200)
        .body("imported", equalTo(5))
        .body("duplicates", equalTo(2))
        .body("rejected", equalTo(0));
    assertThat(
            query(
                "select string_agg(p.text || ':' || a.text || '>' || b.text, '|' order by p.text) from comparison c"
                    + " join prompt p on p.id = c.prompt_id join completion a on a.id = c.chosen_id"
                    + " join completion b on b.id = c.rejected_id where c.project_id = ?"))
        .isEqualTo(
            """
            p1:good>|p2:a

            Human: b

            Assistant: good>c

            Human: d

            Assistant: bad|p3:good>bad

            Human: why?|p4

            more:good>bad|p7:good

            Human: thanks

            Assistant: bye>good""");
    String exported = export("hh-rlhf");
    assertThat(exported)
        .contains("\\n\\nHuman: p2\\n\\nAssistant: a\\n\\nHuman: b\\n\\nAssistant: good");
    send("comparisons?format=hh-rlhf", exported).body("imported", equalTo(0));
    send("comparisons", export("rankings")).body("imported", equalTo(0));

    send(
            "comparisons?format=hh-rlhf",
            "{\"chosen\": \"\\n\\nHuman: a\\n\\nAssistant: b\", \"rejected\": \"\\n\\nHuman: c\\n\\nAssistant: d\"}")
        .statusCode(422)
        .body("errors[0].message", equalTo("must begin with the same human's turn as chosen"));
  }

  @Test
  void theBlankBeforeAnAnswerToATranscriptIsNoPartOfIt() {
    send(
            "comparisons",
            "{\"prompt\": \"\\n\\nHuman: p\\n\\nAssistant:\", \"chosen\": \" good\", \"rejected\": \" bad\"}")
        .body("imported", equalTo(1));
    send(
            "comparisons",
            "{\"chosen\": \"\\n\\nHuman: p\\n\\nAssistant: good\", \"rejected\": \"\\n\\nHuman: p\\n\\nAssistant: bad\"}")
        .body("duplicates", equalTo(1));
  }

  @Test
  void aContradictionIsAnotherJudgment() {
    send("comparisons", "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}\n")
        .body("imported", equalTo(1));
    send("comparisons", "{\"prompt\": \"p\", \"chosen\": \"b\", \"rejected\": \"a\"}\n")
        .body("imported", equalTo(1));
  }

  @Test
  void whatCouldNotBeRankedComesBackAsThat() {
    String line =
        "{\"prompt\": \"p\", \"completions\": [\"%s\", \"%s\"], \"groups\": [], \"unrankable\": true}%n";
    send("comparisons?format=rankings", line.formatted("a", "b") + line.formatted("c", "d"))
        .statusCode(200)
        .body("imported", equalTo(2));
    send("comparisons?format=rankings", line.formatted("b", "a"))
        .body("imported", equalTo(0))
        .body("duplicates", equalTo(1));
    assertThat(export("rankings").lines())
        .hasSize(2)
        .allMatch(row -> row.contains("\"unrankable\":true"));
  }

  @Test
  void wrongJudgmentsAreNamed() {
    String file =
        """
        {"prompt": "p", "chosen": "same", "rejected": "same"}
        {"prompt": "p", "chosen": "", "rejected": "b"}
        {"chosen": "no transcript", "rejected": "\\n\\nHuman: p\\n\\nAssistant: b"}
        {"prompt": "p", "completions": ["a", "b"], "groups": [[0], [0]]}
        {"prompt": "p", "completions": ["a", "b"], "groups": [[0]]}
        {"prompt": "p", "rejected": "b"}
        {"prompt": "p", "completions": [{"id": "x", "text": "a"}, {"id": "x", "text": "b"}], "groups": [["x"]]}
        """;

    send("comparisons", file)
        .statusCode(422)
        .body("errors.line", equalTo(List.of(1, 2, 3, 4, 5, 6, 7)))
        .body(
            "errors.message",
            equalTo(
                List.of(
                    "is the same text as chosen",
                    "is empty",
                    "is no transcript of \\n\\nHuman: and \\n\\nAssistant: turns",
                    "names a completion a second time",
                    "leaves out a completion",
                    "is missing",
                    "has the id of another completion")));
    send("comparisons?format=csv", file).statusCode(422).body("errors[0].field", equalTo("format"));
  }
}

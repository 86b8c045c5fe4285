package org.laurel.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkdownTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\( a_1 + b_1 \\)",
        "\\[ \\int x\\,dx \\]",
        "\\[ a *b*\nc \\]",
        "$x_1*y*z_1$",
        "$$ \\frac{1}{2} \\$ $$",
        "\\(a < b & c\\)"
      })
  void aFormulaIsShownSignBySign(String formula) {
    String shown = formula.replace("&", "&amp;").replace("<", "&lt;");
    assertThat(Markdown.html("So " + formula + " it *is*."))
        .isEqualTo("<p>So <span class=\"formula\">" + shown + "</span> it <em>is</em>.</p>\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"It costs $5 and $6.", "From $5-$6 to $7", "A lone \\( here", "$5", "a$", "$$"})
  void pricesAreNoFormulas(String text) {
    assertThat(Markdown.html(text)).doesNotContain("formula");
  }

  @Test
  void aPriceBeforeAFormulaIsNoPartOfIt() {
    assertThat(Markdown.html("She makes $18 a day: $9 \\times 2 = 18$"))
        .contains("makes $18 a day: <span class=\"formula\">$9 \\times 2 = 18$</span>");
    assertThat(Markdown.html("It costs $5 and with tax it is $x$"))
        .contains("costs $5 and with tax it is <span class=\"formula\">$x$</span>");
  }

  @Test
  void escapesStayEscapes() {
    assertThat(Markdown.html("\\*no emphasis\\* \\$5")).isEqualTo("<p>*no emphasis* $5</p>\n");
    assertThat(Markdown.html("`\\(code\\)`")).isEqualTo("<p><code>\\(code\\)</code></p>\n");
  }

  @Test
  void tablesAndStrikethroughAreMeant() {
    assertThat(Markdown.html("| a | b |\n|---|--:|\n| <i> | ~~2~~ |"))
        .contains("<table>", "<th>a</th>", "<td>&lt;i&gt;</td>", "<del>2</del>");
  }

  @Test
  void aLineBreaksInACell() {
    assertThat(Markdown.html("| a |\n|---|\n| one<br>two<BR />three |"))
        .contains("<td>one<br />two<br />three</td>");
    assertThat(Markdown.html("a <br onclick=\"x()\"> b <b>c</b>"))
        .contains("&lt;br onclick", "&lt;b&gt;c")
        .doesNotContain("<br");
  }

  @Test
  void nothingCallsAnybodyUp() {
    assertThat(Markdown.html("![x](https://example.org/p.png)"))
        .doesNotContain("<img")
        .contains("target=\"_blank\"", "href=\"https://example.org/p.png\"", ">x</a>");
    assertThat(Markdown.html("[x](javascript:alert(1))")).doesNotContain("javascript");
    assertThat(Markdown.html("<script>alert(1)</script>")).doesNotContain("<script");
  }
}

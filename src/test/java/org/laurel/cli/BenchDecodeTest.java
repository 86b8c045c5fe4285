package org.laurel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchDecodeTest {
  @Test
  void eightBitsAreComparedOnAsManyPromptsAsAskedFor() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new BenchDecode())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "--precision=int8",
                "--compare=2",
                "--rows=1",
                "--prompt=4",
                "--new=2",
                "--repeats=1");
    assertThat(status).isZero();
    assertThat(err.toString().lines())
        .containsExactly("compared on 1 of 2 prompts", "compared on 2 of 2 prompts");
    assertThat(out.toString().lines().reduce((earlier, last) -> last).orElse(""))
        .matches(
            "against float32 along its greedy answers to 2 shipped prompts \\(\\d+ tokens\\): mean"
                + " KL \\S+ nats a token, the same likeliest token \\S+ %, [012] answers the same"
                + " to the end");
  }
}

package org.laurel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LaurelTest {
  private record Outcome(int status, String out, String err) {}

  @Test
  void helpNamesTheSubcommands() {
    Outcome help = run("--help");

    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("serve", "train", "simulate", "import", "pretrain", "bench");
  }

  @Test
  void aWrongOptionIsOneLineAndStatusTwo() {
    Outcome wrong = run("serve", "--nonsense");

    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err().strip().lines()).hasSize(1);
    assertThat(wrong.err()).contains("--nonsense").contains("laurel serve --help");
  }

  private static Outcome run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var printed = new ByteArrayOutputStream();
    var complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int status = Laurel.execute(arguments);
      return new Outcome(
          status,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}

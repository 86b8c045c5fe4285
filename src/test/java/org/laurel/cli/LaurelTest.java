package org.laurel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void aSettingThatCannotBeIsAWrongUseNamedInOneLine() {
    System.setProperty("laurel.port", "abc");
    try {
      for (String command : List.of("serve", "")) {
        Outcome wrong = command.isEmpty() ? run() : run(command);

        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err().strip().lines()).hasSize(1);
        assertThat(wrong.err())
            .startsWith("laurel")
            .contains(": LAUREL_PORT must be a number from 0 to 65535, not 'abc'");
        assertThat(wrong.out()).isEmpty();
      }
    } finally {
      System.clearProperty("laurel.port");
    }
  }

  @Test
  void anExportSaysThatItsFileCannotBeBeforeItAsksTheServer(@TempDir Path folder) {
    for (Path file : List.of(folder, folder.resolve("missing").resolve("rows.jsonl"))) {
      Outcome failed =
          run(
              "export",
              "--url=http://127.0.0.1:1",
              "--token=t",
              "--project=" + new UUID(0, 0),
              "-o",
              file.toString());

      assertThat(failed.status()).isEqualTo(1);
      assertThat(failed.err())
          .isEqualTo("laurel export: " + file + " is no file that can be written\n");
    }
  }

  @Test
  void aFileThatIsMissingIsSaidToBe(@TempDir Path folder) {
    Path missing = folder.resolve("prompts.jsonl");

    Outcome failed = run("evaluate", "--policy=a", "--against=b", "--prompts=" + missing);

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err())
        .isEqualTo("laurel evaluate: " + missing + ": there is no such file or folder\n");
  }

  @Test
  void aFolderWithoutARunStaysAsItIs(@TempDir Path folder) {
    Path missing = folder.resolve("run");

    Outcome failed = run("train", "--run-dir", missing.toString());

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err()).isEqualTo("laurel train: " + missing + ": has no run.json\n");
    assertThat(missing).doesNotExist();
  }

  @Test
  void anAddressThatIsNoneIsAWrongUse() {
    Outcome wrong =
        run("simulate", "--url=localhost:8080", "--token=t", "--project=" + new UUID(0, 0));

    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err().strip().lines()).hasSize(1);
    assertThat(wrong.err()).contains("--url").contains("localhost:8080");
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

package org.laurel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.ModelDirectory;
import picocli.CommandLine;

class PolicyOptionTest {
  @TempDir Path folder;

  @Test
  void keepsTheStarterWhereAnInterruptedMeasurementFindsItAgain() throws IOException {
    Path starter = folder.resolve("starter");

    ModelDirectory first = new PolicyOption().openKept(starter);
    var written = Files.getLastModifiedTime(starter.resolve("model.safetensors"));
    ModelDirectory again = new PolicyOption().openKept(starter);

    assertThat(again.path()).isEqualTo(first.path()).isEqualTo(starter);
    assertThat(starter.resolve("onnx/model.onnx")).exists();
    assertThat(Files.getLastModifiedTime(starter.resolve("model.safetensors"))).isEqualTo(written);
  }

  @Test
  void opensTheDirectoryAskedForInPlaceOfTheStarter() throws IOException {
    Path asked = new PolicyOption().openKept(folder.resolve("asked")).path();
    PolicyOption option = new PolicyOption();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("policy", mixin(option)))
        .parseArgs("--policy", asked.toString());

    assertThat(option.openKept(folder.resolve("starter")).path()).isEqualTo(asked);
    assertThat(option.open().path()).isEqualTo(asked);
    assertThat(folder.resolve("starter")).doesNotExist();
  }

  private static CommandLine.Model.CommandSpec mixin(PolicyOption option) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(option);
  }
}

package org.laurel.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.laurel.model.ElementType;
import org.laurel.model.TensorData;

class RunDirectoryTest {
  @TempDir Path path;
  private RunDirectory run = RunDirectory.at(Path.of("unset"));

  @BeforeEach
  void create() throws IOException {
    RunRequest request =
        new RunRequest(
            "ppo",
            7,
            Path.of("a", "policy"),
            null,
            Path.of("b"),
            JsonNodeFactory.instance.objectNode().put("learningRate", 1e-4));
    run = RunDirectory.create(path.resolve("run"), request);
  }

  private static Checkpoint checkpoint(int step, float value) {
    return new Checkpoint(
        step,
        Map.of("w", TensorData.of(FloatBuffer.wrap(new float[] {value}), 1)),
        JsonNodeFactory.instance.objectNode().put("beta", 0.1 * step));
  }

  @Test
  void theRequestIsReadAsItWasWritten() throws IOException {
    RunRequest request = RunDirectory.at(run.path()).request();
    assertThat(request.kind()).isEqualTo("ppo");
    assertThat(request.seed()).isEqualTo(7);
    assertThat(request.policy()).isEqualTo(Path.of("a", "policy"));
    assertThat(request.reference()).isNull();
    assertThat(request.overrides().path("learningRate").asDouble()).isEqualTo(1e-4);
  }

  @Test
  void aMalformedRequestIsNamed() throws IOException {
    Files.writeString(run.path().resolve("run.json"), "{\"kind\": \"ppo\", \"seed\": \"many\"}");
    assertThatThrownBy(run::request)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("run.json");
  }

  @Test
  void theNewestCheckpointComesBackAndTheLastTwoAreKept() throws IOException {
    assertThat(run.checkpoints().latest()).isEmpty();
    for (int step : new int[] {5, 10, 15}) {
      run.checkpoints().save(() -> checkpoint(step, step + 0.25f));
    }
    Checkpoint latest = run.checkpoints().latest().orElseThrow();
    assertThat(latest.step()).isEqualTo(15);
    assertThat(latest.tensor("w").floats().get(0)).isEqualTo(15.25f);
    assertThat(latest.state().path("beta").asDouble()).isEqualTo(0.1 * 15);
    try (var kept = Files.list(run.path().resolve("checkpoints"))) {
      assertThat(kept.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("step-00000010", "step-00000015");
    }
  }

  @Test
  void whatACheckpointCopiedIsFreeOnceItIsWritten() throws Exception {
    run.checkpoints().save(() -> checkpoint(1, 1));
    long before = direct();
    run.checkpoints().save(RunDirectoryTest::large);
    for (int wait = 0; wait < 100 && direct() > before + (1 << 20); wait++) {
      Thread.sleep(50); // what was collected is given back by another thread
    }
    assertThat(direct()).isLessThan(before + (1 << 20));
  }

  private static Checkpoint large() {
    ByteBuffer copied = ByteBuffer.allocateDirect(1 << 24);
    return new Checkpoint(
        2,
        Map.of("w", new TensorData(ElementType.F32, new long[] {1 << 22}, copied)),
        JsonNodeFactory.instance.objectNode());
  }

  /** Bytes of all direct buffers. */
  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getTotalCapacity)
        .sum();
  }

  @Test
  void aCheckpointThatWasNotFinishedDoesNotCount() throws IOException {
    run.checkpoints().save(() -> checkpoint(5, 1));
    Path half = run.path().resolve("checkpoints/step-00000010.partial");
    Files.createDirectories(half);
    Files.writeString(half.resolve("state.json"), "{\"step\": 10");
    assertThat(run.checkpoints().latest().map(Checkpoint::step)).isEqualTo(Optional.of(5));
    run.checkpoints().save(() -> checkpoint(10, 2));
    assertThat(run.checkpoints().latest().map(Checkpoint::step)).isEqualTo(Optional.of(10));
  }

  /** As a full disk, or a process killed while it deleted, may leave one. */
  @Test
  void aCheckpointThatCannotBeReadIsPassedOver() throws IOException {
    run.checkpoints().save(() -> checkpoint(5, 1));
    for (String half : List.of("", "{\"step\": 10", "[]")) {
      run.checkpoints().save(() -> checkpoint(10, 2));
      Files.writeString(run.path().resolve("checkpoints/step-00000010/state.json"), half);
      assertThat(run.checkpoints().latest().map(Checkpoint::step)).isEqualTo(Optional.of(5));
    }
    run.checkpoints().save(() -> checkpoint(10, 2));
    Files.delete(run.path().resolve("checkpoints/step-00000010/state.safetensors"));
    assertThat(run.checkpoints().latest().map(Checkpoint::step)).isEqualTo(Optional.of(5));
    Files.delete(run.path().resolve("checkpoints/step-00000005/state.json"));
    assertThatThrownBy(() -> run.checkpoints().latest())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("step-00000010 cannot be read");
  }

  @Test
  void theSameStepSavedAgainTakesTheOthersPlace() throws IOException {
    run.checkpoints().save(() -> checkpoint(5, 1));
    run.checkpoints().save(() -> checkpoint(5, 2));
    Path left = run.path().resolve("checkpoints/step-00000004.replaced");
    Files.createDirectories(left);
    run.checkpoints().save(() -> checkpoint(5, 3));
    assertThat(run.checkpoints().latest().orElseThrow().tensor("w").floats().get(0)).isEqualTo(3);
    try (var kept = Files.list(run.path().resolve("checkpoints"))) {
      assertThat(kept.map(p -> p.getFileName().toString())).containsExactly("step-00000005");
    }
  }

  /** Here since a directory cannot be moved into itself. */
  @Test
  void whatCannotTakeItsPlaceLeavesWhatWasThere() throws IOException {
    Path partial = Files.createDirectories(path.resolve("partial"));
    Path published = Files.createDirectories(partial.resolve("published"));
    Files.writeString(published.resolve("state"), "whole");
    assertThatThrownBy(() -> DurableFiles.publish(partial, published))
        .isInstanceOf(IOException.class);
    assertThat(published.resolve("state")).hasContent("whole");
  }

  @Test
  void theArtifactAppearsWholeOrNotAtAll() throws IOException {
    assertThatThrownBy(
            () ->
                run.publishArtifact(
                    directory -> {
                      Files.writeString(directory.resolve("config.json"), "half");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(run.artifact()).doesNotExist();
    run.publishArtifact(directory -> Files.writeString(directory.resolve("config.json"), "{}"));
    assertThat(run.artifact().resolve("config.json")).hasContent("{}");
  }

  @Test
  void aResumedJournalDropsWhatWillBeWrittenAgain() throws IOException {
    try (RunJournal journal = RunJournal.open(run, RunListener.NONE, 0)) {
      for (int step = 1; step <= 4; step++) {
        journal.metrics(step, Map.of("loss", 1.0 / step, "nan", Double.NaN));
        journal.sample(step, 0, "p", "c", Map.of());
      }
    }
    Files.writeString(
        run.metrics(), Files.readString(run.metrics()) + "{\"step\": 2, \"key\": \"lo");
    try (RunJournal journal = RunJournal.open(run, RunListener.NONE, 2)) {
      journal.metrics(3, Map.of("loss", 0.5));
    }
    List<String> lines = Files.readAllLines(run.metrics());
    assertThat(lines).hasSize(3);
    assertThat(lines.get(2)).contains("\"step\":3").contains("0.5").contains("\"key\":\"loss\"");
    assertThat(Files.readAllLines(run.samples())).hasSize(2);
  }

  @Test
  void aCancelFileOrTheListenerStopsTheRun() throws IOException {
    RunListener impatient =
        new RunListener() {
          @Override
          public boolean cancelRequested() {
            return true;
          }
        };
    try (RunJournal patient = RunJournal.open(run, RunListener.NONE, 0);
        RunJournal asked = RunJournal.open(run, impatient, 0)) {
      assertThat(asked.stopRequested()).isTrue();
      assertThat(patient.stopRequested()).isFalse();
      assertThat(patient.stopped(1, 3).state()).isEqualTo(RunStatus.State.INTERRUPTED);
      run.requestCancel();
      assertThat(patient.stopRequested()).isTrue();
      assertThat(patient.stopped(2, 3).state()).isEqualTo(RunStatus.State.CANCELLED);
      run.clearCancel();
      assertThat(patient.stopRequested()).isFalse();
    }
    assertThat(run.status()).isEqualTo(RunStatus.of(RunStatus.State.CANCELLED, 2, 3));
  }

  @Test
  void theFiguresOfAFinishedRunAreInItsStatus() throws IOException {
    try (RunJournal journal = RunJournal.open(run, RunListener.NONE, 0)) {
      journal.phase(1, 4, "rollout");
      assertThat(run.path().resolve("status.json"))
          .content()
          .contains("\"status\":\"running\"", "\"phase\":\"rollout\"", "\"totalSteps\":4");
      journal.finished(4, Map.of("loss", 0.5));
    }
    RunStatus.State finished = RunStatus.State.FINISHED;
    assertThat(run.status())
        .isEqualTo(new RunStatus(finished, 4, 4, null, null, null, Map.of("loss", 0.5)));
    try (RunJournal journal = RunJournal.open(run, RunListener.NONE, 2)) {
      journal.finished(2, 4, "enough", Map.of());
    }
    assertThat(run.status())
        .isEqualTo(new RunStatus(finished, 2, 4, null, null, "enough", Map.of()));
  }

  @Test
  void aRowThatIsNoJsonIsNamedByItsLine() throws IOException {
    Files.writeString(run.data("prompts"), "{\"prompt\": \"a\"}\n\n{\"prompt\": }\n");
    assertThatThrownBy(() -> run.rows("prompts"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("prompts.jsonl line 3");
  }

  @Test
  void anEndingProcessWaitsUntilTheRunIsSaved() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SlowlySavingRun.class.getName(),
                run.path().toString())
            .redirectErrorStream(true)
            .start();
    try {
      process.inputReader().readLine(); // it is running
      process.destroy(); // SIGTERM
      process.waitFor();
      assertThat(run.status()).isEqualTo(RunStatus.of(RunStatus.State.INTERRUPTED, 3, 9));
    } finally {
      process.destroyForcibly();
    }
  }
}

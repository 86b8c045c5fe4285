package org.laurel.engine;

import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.laurel.engine.dpo.DpoRun;
import org.laurel.engine.dpo.KtoRun;
import org.laurel.engine.nn.Device;
import org.laurel.engine.ppo.PpoRun;
import org.laurel.engine.ppo.RolloutPolicy;
import org.laurel.engine.rejection.RejectionRun;
import org.laurel.engine.reward.RewardRun;
import org.laurel.engine.run.RunDirectory;
import org.laurel.engine.run.RunListener;
import org.laurel.engine.run.RunStatus;
import org.laurel.engine.run.RunStoppedException;
import org.laurel.engine.sft.SftRun;
import org.laurel.model.ModelDirectory;

/** Does what a run directory asks for. */
public final class Training {

  private Training() {}

  private static String device() {
    return Device.name() + Device.obstacle().map(why -> ", since " + why).orElse("");
  }

  /**
   * Runs from the newest checkpoint, or from the beginning, to the artifact. However it ends,
   * {@code status.json} says so.
   *
   * @param serve opens a policy for the rollouts of PPO and rejection sampling
   * @throws RunStoppedException if it was asked to stop; it can be resumed
   * @throws IOException if the directory cannot be read or written
   */
  public static void run(
      RunDirectory directory, RunListener listener, Function<ModelDirectory, RolloutPolicy> serve)
      throws IOException {
    try {
      String kind = directory.request().kind();
      System.out.println("laurel train: " + kind + " on " + device());
      switch (kind) {
        case "sft" -> SftRun.run(directory, listener);
        case "reward" -> RewardRun.run(directory, listener);
        case "dpo", "ipo" -> DpoRun.run(directory, listener);
        case "kto" -> KtoRun.run(directory, listener);
        case "rejection" -> RejectionRun.run(directory, listener, serve);
        case "ppo" -> PpoRun.run(directory, listener, serve);
        default -> throw new IllegalArgumentException("run.json: there is no kind '" + kind + "'");
      }
    } catch (RunStoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      RunStatus last = directory.status();
      directory.status(
          new RunStatus(
              RunStatus.State.FAILED,
              last == null ? 0 : last.step(),
              last == null ? 0 : last.totalSteps(),
              null,
              e.getMessage() == null ? e.toString() : e.getMessage(),
              null,
              Map.of()));
      throw e;
    }
  }
}

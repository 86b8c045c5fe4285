package org.laurel.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements, one subcommand each. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure Laurel on this machine.",
    subcommands = {
      BenchDecode.class,
      BenchEngine.class,
      BenchGrowth.class,
      BenchLearning.class,
      BenchRound.class,
      BenchTorch.class,
      BenchTransformers.class
    })
public final class Bench implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to measure: decode, engine, growth, learning, round, torch or transformers");
  }
}

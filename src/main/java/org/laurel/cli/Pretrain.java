package org.laurel.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.laurel.starter.Recipe;
import org.laurel.starter.StarterPolicy;
import org.laurel.starter.StarterPrompts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the starter policy again from the corpus that Laurel writes itself. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    description = "Make the starter policy from its corpus.")
public final class Pretrain implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--out",
      defaultValue = "starter-policy",
      description = "Where the model directory is written.")
  private Path out = Path.of("");

  @Option(names = "--seed", defaultValue = "1", description = "Draws corpus, weights and order.")
  private long seed;

  @Option(
      names = "--prompts",
      description = "Only write the demo prompts, which the corpus leaves out, to this file.")
  private @Nullable Path prompts;

  @Option(
      names = "--examples",
      description = "Conversations to learn from; the default makes the policy that is shipped.")
  private int examples = Recipe.DEFAULT.examples();

  @Override
  public Integer call() throws IOException {
    PrintWriter console = spec.commandLine().getOut();
    if (prompts != null) {
      writePrompts(prompts);
      return 0;
    }
    new StarterPolicy(
            Recipe.DEFAULT.withExamples(examples),
            line -> {
              console.println(line);
              console.flush();
            })
        .make(out, seed);
    console.println("wrote " + out);
    return 0;
  }

  private static void writePrompts(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (StarterPrompts.StarterPrompt prompt : StarterPrompts.shipped()) {
      ObjectNode row = json.createObjectNode().put("prompt", prompt.text());
      row.putObject("metadata").put("topic", prompt.topic());
      lines.append(json.writeValueAsString(row)).append('\n');
    }
    Files.writeString(file, lines);
  }
}

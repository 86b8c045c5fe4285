package org.laurel.modelimport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.laurel.model.Head;
import org.laurel.model.ModelDirectory;
import org.laurel.model.ModelFormatException;
import org.laurel.onnx.OnnxExport;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.PromptEncoder;

/** A model's files as they came, which may yet turn out to be none that Laurel can use. */
final class Candidate {
  private final ModelDirectory directory;
  private final long parameters;

  private Candidate(ModelDirectory directory, long parameters) {
    this.directory = directory;
    this.parameters = parameters;
  }

  /**
   * Finds the one model below {@code files}.
   *
   * @throws RefusedModel if there is none, or more than one
   */
  static Path locate(Path files) throws RefusedModel, IOException {
    List<Path> found;
    try (Stream<Path> walk = Files.walk(files)) {
      found =
          walk.filter(file -> file.endsWith("config.json"))
              .sorted(Comparator.comparingInt(Path::getNameCount))
              .toList();
    }
    if (found.isEmpty()) {
      throw new RefusedModel("there is no config.json, and so no Hugging Face model");
    }
    if (found.size() > 1 && found.get(0).getNameCount() == found.get(1).getNameCount()) {
      throw new RefusedModel(
          "there are several models: %s and %s"
              .formatted(files.relativize(found.get(0)), files.relativize(found.get(1))));
    }
    return found.get(0).resolveSibling("").normalize();
  }

  /**
   * Opens what is to be a policy: configuration, every weight, tokenizer and chat template.
   *
   * @throws RefusedModel with what is wrong with it
   */
  static Candidate open(Path folder) throws RefusedModel, IOException {
    try {
      ModelDirectory directory = ModelDirectory.open(folder);
      if (directory.head() != Head.LANGUAGE_MODEL) {
        throw new RefusedModel("this is a reward model: only policies can be imported");
      }
      directory.check();
      Candidate candidate = new Candidate(directory, directory.config().parameterCount());
      candidate.checkTemplate();
      return candidate;
    } catch (ModelFormatException e) {
      // Names of files are enough: where this server keeps them is nobody's business.
      String said = String.valueOf(e.getMessage());
      throw new RefusedModel(
          said.replace(folder + "/", "").replace(folder.toString(), "the model"), e);
    }
  }

  private void checkTemplate() throws RefusedModel {
    Path folder = directory.path();
    try {
      PlainTurns.writeIfMissing(folder);
      ChatTemplate.read(folder).check();
      PromptEncoder.read(folder, directory.config().eosTokenId()).prompt("Hello?");
    } catch (IOException e) {
      throw new RefusedModel(String.valueOf(e.getMessage()).replace(folder + "/", ""), e);
    } catch (IllegalArgumentException e) {
      throw new RefusedModel("its chat template cannot be used: " + e.getMessage(), e);
    }
  }

  /** Number of weights. */
  long parameters() {
    return parameters;
  }

  Path folder() {
    return directory.path();
  }

  /**
   * Writes {@code onnx/model.onnx} for those who take the policy elsewhere, if the disk has room
   * for it. Laurel itself does not read it.
   */
  void writeOnnx() throws IOException {
    long bytes = parameters * Float.BYTES;
    if (Files.getFileStore(folder()).getUsableSpace() > 2 * bytes) {
      OnnxExport.write(directory);
    }
  }
}

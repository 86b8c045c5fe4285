package org.laurel.modelimport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.laurel.tokenizer.ChatTemplate;
import org.laurel.tokenizer.Tokenizer;

/**
 * The chat template of models that have none, since nobody taught them to talk (GPT-2, Pythia): the
 * transcript of hh-rlhf, which such models continue, behind the begin token where the tokenizer
 * wants one.
 */
final class PlainTurns {
  private static final String TEMPLATE =
      """
      {%- for message in messages %}
      {%- if message['role'] == 'system' %}
      {{- message['content'] }}
      {%- elif message['role'] == 'assistant' %}
      {{- '\\n\\nAssistant: ' + (message['content'] | trim) }}
      {%- else %}
      {{- '\\n\\nHuman: ' + message['content'] }}
      {%- endif %}
      {%- endfor %}
      {%- if add_generation_prompt %}
      {{- '\\n\\nAssistant:' }}
      {%- endif %}
      """;

  private PlainTurns() {}

  static void writeIfMissing(Path modelDirectory) throws IOException {
    if (!ChatTemplate.isIn(modelDirectory)) {
      StringBuilder begin = new StringBuilder();
      for (String token : Tokenizer.read(modelDirectory.resolve("tokenizer.json")).beginning()) {
        String text = token.replace("\\", "\\\\").replace("'", "\\'");
        begin.append("{{- '").append(text).append("' }}\n");
      }
      Files.writeString(modelDirectory.resolve("chat_template.jinja"), begin + TEMPLATE);
    }
  }
}

package org.laurel.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.prompt.Prompt;
import org.laurel.task.LeasedTask.ShownMessage;
import org.laurel.tokenizer.Message;
import org.laurel.web.Markdown;

/**
 * A prompt as the annotator sees it who writes a demonstration of it.
 *
 * @param messages the conversation as safe HTML, where asked for
 * @param leaseExpiresAt until when a demonstration is taken; null once it is written, or if
 *     somebody else has the seat by now
 * @param submittedAt when this annotator wrote first
 * @param written what this annotator wrote
 * @param draft this annotator's unsent work
 */
public record LeasedPrompt(
    UUID id,
    UUID projectId,
    List<Message> prompt,
    @Nullable List<ShownMessage> messages,
    @Nullable Instant leaseExpiresAt,
    @Nullable Instant submittedAt,
    @Nullable StoredDemonstration written,
    @Nullable JsonNode draft,
    @Nullable Instant draftSavedAt) {

  /**
   * @param seat null if somebody else has it by now
   */
  static LeasedPrompt of(
      UUID promptId, UUID annotatorId, @Nullable DemonstrationSeat seat, boolean html) {
    Prompt prompt = Prompt.get(promptId);
    @Nullable Draft draft = Draft.of(promptId, annotatorId).orElse(null);
    return new LeasedPrompt(
        promptId,
        prompt.projectId,
        prompt.messages,
        html ? shown(prompt.messages) : null,
        seat == null ? null : seat.leaseExpiresAt,
        seat == null ? null : seat.submittedAt,
        Demonstration.of(promptId, annotatorId).map(StoredDemonstration::of).orElse(null),
        draft == null ? null : draft.work,
        draft == null ? null : draft.savedAt);
  }

  static List<ShownMessage> shown(List<Message> messages) {
    return messages.stream()
        .map(message -> new ShownMessage(message.role(), Markdown.html(message.content())))
        .toList();
  }
}

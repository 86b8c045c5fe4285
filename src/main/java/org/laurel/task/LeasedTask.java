package org.laurel.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task as the annotator in its seat sees it: nothing tells which policy wrote what.
 *
 * @param prompt the text of a single user message, otherwise the list of messages
 * @param messages the conversation as safe HTML, where asked for
 * @param completions in this annotator's own order
 * @param leaseExpiresAt until when a ranking is taken; null once it is submitted
 * @param submittedAt when this annotator ranked it
 * @param draft this annotator's unsent work
 * @param returned why this annotator's ranking was sent back; null if it was not
 */
public record LeasedTask(
    UUID id,
    UUID projectId,
    JsonNode prompt,
    @Nullable List<ShownMessage> messages,
    List<ShownCompletion> completions,
    @Nullable Instant leaseExpiresAt,
    @Nullable Instant submittedAt,
    @Nullable JsonNode draft,
    @Nullable Instant draftSavedAt,
    @Nullable Returned returned) {

  /** What a reviewer wrote to the annotator, and when. */
  public record Returned(String note, Instant at) {}

  /**
   * A message of the prompt.
   *
   * @param role user, assistant or system
   * @param html its Markdown as safe HTML
   */
  public record ShownMessage(String role, String html) {}

  /**
   * A completion.
   *
   * @param html its Markdown as safe HTML, where asked for
   */
  public record ShownCompletion(UUID id, String text, @Nullable String html) {}
}

package org.laurel.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.laurel.sampling.Completion;
import org.laurel.task.LeasedTask.Returned;
import org.laurel.task.LeasedTask.ShownCompletion;
import org.laurel.task.LeasedTask.ShownMessage;
import org.laurel.web.Markdown;

/** Puts together what an annotator sees from their seat. */
@ApplicationScoped
class LeasedTasks {

  private final EntityManager entityManager;
  private final ObjectMapper json;

  LeasedTasks(EntityManager entityManager, ObjectMapper json) {
    this.entityManager = entityManager;
    this.json = json;
  }

  /**
   * The task from this seat.
   *
   * @param html whether to render Markdown as well
   */
  LeasedTask from(Seat seat, boolean html) {
    Task task = Objects.requireNonNull(Task.<Task>findById(seat.taskId));
    JsonNode messages = messages(task.promptId);
    return new LeasedTask(
        task.id,
        task.projectId,
        asImported(messages),
        html ? shown(messages) : null,
        completions(seat, html),
        seat.leaseExpiresAt,
        seat.submittedAt,
        seat.draft,
        seat.draftSavedAt,
        seat.submittedAt == null ? null : returned(seat));
  }

  @SuppressWarnings("unchecked")
  private @Nullable Returned returned(Seat seat) {
    List<Tuple> rows =
        entityManager
            .createNativeQuery(
                "select withheld_note as note, withheld_at as at from ranking"
                    + " where task_id = :task and seat = :seat and withheld = 'returned'",
                Tuple.class)
            .setParameter("task", seat.taskId)
            .setParameter("seat", seat.seat)
            .getResultList();
    return rows.stream()
        .map(row -> new Returned(row.get("note", String.class), row.get("at", Instant.class)))
        .findFirst()
        .orElse(null);
  }

  private static List<ShownCompletion> completions(Seat seat, boolean html) {
    Map<UUID, String> texts =
        Completion.withIds(seat.displayed()).stream()
            .collect(Collectors.toMap(c -> c.id, c -> c.text));
    Function<UUID, ShownCompletion> show =
        id -> {
          String text = texts.getOrDefault(id, "");
          @Nullable String rendered = html ? Markdown.html(text) : null;
          return new ShownCompletion(id, text, rendered);
        };
    return seat.displayed().stream().map(show).toList();
  }

  private static List<ShownMessage> shown(JsonNode messages) {
    List<ShownMessage> shown = new ArrayList<>();
    for (JsonNode message : messages) {
      String html = Markdown.html(message.path("content").asText());
      shown.add(new ShownMessage(message.path("role").asText("user"), html));
    }
    return shown;
  }

  /** A single user message comes out as the text it came in as. */
  private static JsonNode asImported(JsonNode messages) {
    JsonNode first = messages.path(0);
    boolean single = messages.size() == 1 && first.path("role").asText().equals("user");
    return single ? TextNode.valueOf(first.path("content").asText()) : messages;
  }

  private JsonNode messages(UUID promptId) {
    String text =
        (String)
            entityManager
                .createNativeQuery(
                    "select cast(messages as text) from prompt where id = :id", String.class)
                .setParameter("id", promptId)
                .getSingleResult();
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("prompt " + promptId + " is not readable", e);
    }
  }
}

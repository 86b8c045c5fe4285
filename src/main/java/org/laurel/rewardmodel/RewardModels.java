package org.laurel.rewardmodel;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.laurel.account.Role;
import org.laurel.prompt.Conversation;
import org.laurel.tokenizer.Message;
import org.laurel.tokenizer.Transcripts;
import org.laurel.web.Cursor;
import org.laurel.web.Page;
import org.laurel.web.Problem;

/**
 * Reward models over HTTP: what there is, where it came from, and what they say of a completion.
 */
@Path("/api/reward-models")
@Produces(MediaType.APPLICATION_JSON)
public class RewardModels {
  private final RewardScorers scorers;

  @Inject
  RewardModels(RewardScorers scorers) {
    this.scorers = scorers;
  }

  /**
   * @param prompt messages, or a text: one user's turn, or a transcript of {@code \n\nHuman: ...
   *     \n\nAssistant:}, read as an import reads it
   */
  public record Item(@NotNull JsonNode prompt, @NotNull String completion) {}

  /** At most 4096 completions at once. */
  public record ScoreRequest(@NotEmpty @Size(max = 4096) List<@NotNull @Valid Item> items) {}

  /** In the order of the items. */
  public record ScoreAnswer(List<Float> scores) {}

  /** Newest first. */
  @GET
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public Page<RewardModelView> list(@BeanParam @Valid Cursor cursor) {
    UUID last = cursor.last(id -> RewardModelVersion.findByIdOptional(id).isPresent());
    List<RewardModelView> found =
        RewardModelView.of(RewardModelVersion.page(last, cursor.limit + 1));
    return Page.of(found, cursor.limit, view -> view.id().toString());
  }

  /** One version. */
  @GET
  @Path("/{id}")
  @RolesAllowed(Role.REVIEWER)
  @Transactional
  public RewardModelView get(UUID id) {
    return RewardModelView.of(List.of(version(id))).get(0);
  }

  /** What the reward model says of these completions. */
  @POST
  @Path("/{id}/score")
  @RolesAllowed(Role.REVIEWER)
  public ScoreAnswer score(UUID id, @NotNull @Valid ScoreRequest request) {
    RewardModelVersion version = version(id);
    List<RewardScorers.Item> items = new ArrayList<>();
    for (int i = 0; i < request.items().size(); i++) {
      Item item = request.items().get(i);
      int index = i;
      items.add(
          transcript(item)
              .orElseGet(
                  () -> new RewardScorers.Item(messages(item.prompt(), index), item.completion())));
    }
    List<Float> scores = new ArrayList<>();
    for (float score : scorers.score(version, items)) {
      scores.add(score);
    }
    return new ScoreAnswer(scores);
  }

  private static RewardModelVersion version(UUID id) {
    return RewardModelVersion.<RewardModelVersion>findByIdOptional(id)
        .orElseThrow(() -> Problem.notFound("reward model", id));
  }

  /** The conversation that an import would have made of it. */
  private static Optional<RewardScorers.Item> transcript(Item item) {
    return item.prompt().isTextual()
        ? Transcripts.prompt(item.prompt().textValue())
            .map(turns -> new RewardScorers.Item(turns, Transcripts.answer(item.completion())))
        : Optional.empty();
  }

  private static List<Message> messages(JsonNode prompt, int index) {
    String field = "items[" + index + "].prompt";
    if (prompt.isTextual()) {
      return List.of(new Message("user", prompt.textValue()));
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : prompt) {
      if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
        throw Problem.invalid("a message needs role and content")
            .error(field, "role and content are missing");
      }
      if (!Conversation.isRole(message.get("role").textValue())) {
        throw Problem.invalid("a message's role is system, user or assistant")
            .error(field, "has a message of another role");
      }
      messages.add(
          new Message(message.get("role").textValue(), message.get("content").textValue()));
    }
    if (messages.isEmpty()) {
      throw Problem.invalid("a prompt is a text or a list of messages")
          .error(field, "is neither a text nor a list of messages");
    }
    return messages;
  }
}

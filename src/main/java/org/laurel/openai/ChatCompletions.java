package org.laurel.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.openai.ChatCompletion.Choice;
import org.laurel.openai.ChatCompletion.Logprobs;
import org.laurel.openai.ChatCompletion.TokenLogprob;
import org.laurel.openai.ChatCompletion.Turn;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.serving.Generation;

/** The next message of a conversation, whole or as a stream. */
@Path("/v1/chat/completions")
@RolesAllowed(Role.REVIEWER)
public class ChatCompletions {
  private static final String PIECE = "chat.completion.chunk";

  private final ServedPolicies policies;
  private final BestOf bestOf;
  private final ObjectMapper json;
  private final RoutingContext exchange;

  @Inject
  ChatCompletions(
      ServedPolicies policies, BestOf bestOf, ObjectMapper json, RoutingContext exchange) {
    this.policies = policies;
    this.bestOf = bestOf;
    this.json = json;
    this.exchange = exchange;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
  @APIResponseSchema(ChatCompletion.class)
  public Response create(@NotNull ChatCompletionRequest request) {
    request.refuseUnsupported();
    try (ServedPolicy policy = Asked.policy(policies, request.model())) {
      Asked asked = asked(request, policy);
      RewardModelVersion judge = judge(request);
      HttpServerResponse client = exchange.response();
      if (request.streams()) {
        return Streaming.response(
            out -> stream(request, policy.version(), judge, out, client), json);
      }
      List<Answer> drawn = asked.answers(policy, client);
      List<Answer> answers = judge == null ? drawn : chosen(request, judge, drawn);
      List<Choice> choices = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        Answer answer = answers.get(i);
        Logprobs logprobs = request.wantsLogprobs() ? logprobs(answer, policy) : null;
        Turn message = new Turn("assistant", answer.text());
        choices.add(new Choice(i, message, null, logprobs, answer.finishReason()));
      }
      return Response.ok(
              new ChatCompletion(
                  Asked.id("chatcmpl-"),
                  "chat.completion",
                  Asked.now(),
                  policy.version().name,
                  choices,
                  asked.usage(drawn)),
              MediaType.APPLICATION_JSON_TYPE)
          .build();
    }
  }

  /** A reward model that is named is looked for, even where there is nothing to choose. */
  private @Nullable RewardModelVersion judge(ChatCompletionRequest request) {
    boolean chooses = request.choosesBest();
    RewardModelVersion named =
        chooses || request.rewardModel() != null ? bestOf.judge(request.rewardModel()) : null;
    return chooses ? named : null;
  }

  private List<Answer> chosen(
      ChatCompletionRequest request, RewardModelVersion judge, List<Answer> drawn) {
    return bestOf.choose(judge, request.conversation(), drawn, request.sampling().answers());
  }

  /** As it is written; the best of several is known only once all are, and comes in one piece. */
  private void stream(
      ChatCompletionRequest request,
      PolicyVersion version,
      @Nullable RewardModelVersion judge,
      EventStream out,
      HttpServerResponse client) {
    String id = Asked.id("chatcmpl-");
    long created = Asked.now();
    try (ServedPolicy policy = policies.open(version)) {
      Asked asked = asked(request, policy);
      Pieces pieces =
          (choices, usage) ->
              out.send(new ChatCompletion(id, PIECE, created, version.name, choices, usage));
      for (int row = 0; row < request.sampling().answers(); row++) {
        pieces.send(List.of(piece(row, new Turn("assistant", ""), null)), null);
      }
      Answering.Listener each =
          (row, text) -> pieces.send(List.of(piece(row, new Turn(null, text), null)), null);
      Answering.Listener none = (row, text) -> !client.closed();
      List<Answer> drawn = asked.answers(policy, judge == null ? each : none);
      List<Answer> answers = judge == null ? drawn : chosen(request, judge, drawn);
      for (int row = 0; judge != null && row < answers.size(); row++) {
        each.text(row, answers.get(row).text());
      }
      for (int row = 0; row < answers.size(); row++) {
        String reason = answers.get(row).finishReason();
        pieces.send(List.of(piece(row, new Turn(null, null), reason)), null);
      }
      if (request.wantsUsageInStream()) {
        pieces.send(List.of(), asked.usage(drawn));
      }
    }
  }

  @FunctionalInterface
  private interface Pieces {
    boolean send(List<Choice> choices, @Nullable Usage usage);
  }

  private static Choice piece(int row, Turn delta, @Nullable String finishReason) {
    return new Choice(row, null, delta, null, finishReason);
  }

  private static Asked asked(ChatCompletionRequest request, ServedPolicy policy) {
    return Asked.of(
        policy,
        List.of(policy.prompt(request.conversation())),
        request.sampling(),
        policy.contextLength());
  }

  private static Logprobs logprobs(Answer answer, ServedPolicy policy) {
    Generation generation = answer.generation();
    List<TokenLogprob> content = new ArrayList<>();
    int[] tokens = generation.text();
    int shown = answer.shown(policy::text);
    for (int i = 0; i < shown; i++) {
      String token = policy.text(new int[] {tokens[i]});
      List<Integer> bytes = new ArrayList<>();
      for (byte one : policy.encoder().tokenizer().bytes(tokens[i])) {
        bytes.add(Byte.toUnsignedInt(one));
      }
      content.add(new TokenLogprob(token, generation.logprobs()[i], bytes, List.of()));
    }
    return new Logprobs(content);
  }
}

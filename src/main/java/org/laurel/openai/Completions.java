package org.laurel.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.laurel.openai.TextCompletion.Choice;
import org.laurel.openai.TextCompletion.Logprobs;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.serving.Generation;

/** The continuation of a text, whole or as a stream. */
@Path("/v1/completions")
@RolesAllowed(Role.REVIEWER)
public class Completions {
  /** OpenAI's own default. */
  private static final int DEFAULT_MAX_TOKENS = 16;

  private static final String OBJECT = "text_completion";

  private final ServedPolicies policies;
  private final ObjectMapper json;
  private final RoutingContext exchange;

  @Inject
  Completions(ServedPolicies policies, ObjectMapper json, RoutingContext exchange) {
    this.policies = policies;
    this.json = json;
    this.exchange = exchange;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
  @APIResponseSchema(TextCompletion.class)
  public Response create(@NotNull CompletionRequest request) {
    request.refuseUnsupported();
    try (ServedPolicy policy = Asked.policy(policies, request.model())) {
      Asked asked = asked(request, policy);
      if (request.streams()) {
        return Streaming.response(out -> stream(request, policy.version(), out), json);
      }
      List<Answer> answers = asked.answers(policy, exchange.response());
      List<Choice> choices = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        Answer answer = answers.get(i);
        Logprobs logprobs = request.logprobs() == null ? null : logprobs(answer, policy);
        choices.add(new Choice(answer.text(), i, logprobs, answer.finishReason()));
      }
      return Response.ok(
              new TextCompletion(
                  Asked.id("cmpl-"),
                  OBJECT,
                  Asked.now(),
                  policy.version().name,
                  choices,
                  asked.usage(answers)),
              MediaType.APPLICATION_JSON_TYPE)
          .build();
    }
  }

  private void stream(CompletionRequest request, PolicyVersion version, EventStream out) {
    String id = Asked.id("cmpl-");
    long created = Asked.now();
    try (ServedPolicy policy = policies.open(version)) {
      Asked asked = asked(request, policy);
      Pieces pieces =
          (choices, usage) ->
              out.send(new TextCompletion(id, OBJECT, created, version.name, choices, usage));
      List<Answer> answers =
          asked.answers(
              policy, (row, text) -> pieces.send(List.of(new Choice(text, row, null, null)), null));
      for (int row = 0; row < answers.size(); row++) {
        String reason = answers.get(row).finishReason();
        pieces.send(List.of(new Choice("", row, null, reason)), null);
      }
      if (request.wantsUsageInStream()) {
        pieces.send(List.of(), asked.usage(answers));
      }
    }
  }

  @FunctionalInterface
  private interface Pieces {
    boolean send(List<Choice> choices, @Nullable Usage usage);
  }

  private static Asked asked(CompletionRequest request, ServedPolicy policy) {
    return Asked.of(policy, request.prompts(policy), request.sampling(), DEFAULT_MAX_TOKENS);
  }

  private static Logprobs logprobs(Answer answer, ServedPolicy policy) {
    Generation generation = answer.generation();
    List<String> tokens = new ArrayList<>();
    List<Float> logprobs = new ArrayList<>();
    int[] written = generation.text();
    int shown = answer.shown(policy::text);
    for (int i = 0; i < shown; i++) {
      tokens.add(policy.text(new int[] {written[i]}));
      logprobs.add(generation.logprobs()[i]);
    }
    return new Logprobs(tokens, logprobs);
  }
}

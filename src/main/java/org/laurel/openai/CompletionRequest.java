package org.laurel.openai;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.ServedPolicy;

/**
 * OpenAI's request to go on with a text as it is, without a chat template; special tokens may be
 * spelled out, and the begin token is added where the model wants one and the text has none.
 *
 * @param prompt a string, a list of strings, a list of token ids, or a list of such lists
 * @param logprobs any number asks for those of the drawn tokens
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CompletionRequest(
    @Nullable String model,
    @Nullable JsonNode prompt,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable Integer maxTokens,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable List<String> stop,
    @Nullable Long seed,
    @Nullable Integer n,
    @Nullable Boolean stream,
    ChatCompletionRequest.@Nullable StreamOptions streamOptions,
    @Nullable Integer logprobs,
    @Nullable Boolean echo,
    @Nullable String suffix,
    @Nullable Integer bestOf,
    @Nullable Double presencePenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Map<Integer, @Nullable Double> logitBias) {
  private static final int MOST_PROMPTS = 64;

  boolean streams() {
    return Boolean.TRUE.equals(stream);
  }

  boolean wantsUsageInStream() {
    return streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
  }

  Sampling sampling() {
    return new Sampling(temperature, topP, topK, minP, maxTokens, stop, seed, n, null, logitBias);
  }

  void refuseUnsupported() {
    Sampling.refuse("presence_penalty", presencePenalty != null && presencePenalty != 0);
    Sampling.refuse("frequency_penalty", frequencyPenalty != null && frequencyPenalty != 0);
    Sampling.refuse("echo", Boolean.TRUE.equals(echo));
    Sampling.refuse("suffix", suffix != null && !suffix.isEmpty());
    Sampling.refuse("best_of", bestOf != null && bestOf != 1 && !bestOf.equals(n));
    Sampling.refuse("logprobs in a stream", streams() && logprobs != null);
  }

  List<int[]> prompts(ServedPolicy policy) {
    List<int[]> prompts = new ArrayList<>();
    if (prompt == null || prompt.isNull()) {
      throw Sampling.invalid("prompt", "is missing");
    }
    if (prompt.isArray() && !prompt.isEmpty() && !prompt.path(0).isInt()) {
      prompt.forEach(one -> prompts.add(tokens(one, policy)));
    } else {
      prompts.add(tokens(prompt, policy));
    }
    if (prompts.size() > MOST_PROMPTS) {
      throw Sampling.invalid("prompt", "may hold at most " + MOST_PROMPTS + " prompts");
    }
    return prompts;
  }

  private static int[] tokens(JsonNode prompt, ServedPolicy policy) {
    if (prompt.isTextual()) {
      return policy.encoder().tokenizer().encodeWhole(prompt.asText());
    }
    if (!prompt.isArray()) {
      throw Sampling.invalid("prompt", "must be text or token ids");
    }
    int[] tokens = new int[prompt.size()];
    for (int i = 0; i < tokens.length; i++) {
      if (!prompt.path(i).isInt()) {
        throw Sampling.invalid("prompt", "must be text or token ids");
      }
      tokens[i] = prompt.path(i).asInt();
    }
    return tokens;
  }
}

package org.laurel.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.loader.ResourceNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * A model's chat template: Jinja as {@code transformers} renders it (blocks trimmed), from {@code
 * chat_template.jinja} or the {@code chat_template} of {@code tokenizer_config.json}. Where Jinjava
 * and Python differ, {@link PythonExpressions} and {@link PythonMethods} give Python's meaning.
 */
public final class ChatTemplate {
  /**
   * Said alone, Jinjava takes this text for false. The mark, a noncharacter, parts it meanwhile.
   */
  private static final String FALSE = "(?i)^(\\s*f)(alse\\s*)$";

  private static final String MARK = "\uFDD1";

  private static final Map<Character, String> DATES =
      Map.of(
          'd', "dd", 'b', "MMM", 'B', "MMMM", 'm', "MM", 'Y', "yyyy", 'y', "yy", 'A', "EEEE", 'H',
          "HH", 'M', "mm", 'S', "ss");
  private static final Jinjava JINJA = jinja();

  private final String source;
  private final Map<String, String> tokens;
  private final Duration time;

  /**
   * @param tokens named special tokens the template may use, such as {@code bos_token}
   */
  public ChatTemplate(String source, Map<String, String> tokens) {
    this(source, tokens, RenderLimits.MOST_TIME);
  }

  /**
   * @param time within which a conversation is rendered
   */
  ChatTemplate(String source, Map<String, String> tokens, Duration time) {
    this.source = WhitespaceControl.apply(source);
    this.tokens = Map.copyOf(tokens);
    this.time = time;
  }

  /**
   * Reads a model directory's template.
   *
   * @throws IOException when the directory has no chat template
   */
  public static ChatTemplate read(Path modelDirectory) throws IOException {
    JsonNode config = json(modelDirectory.resolve("tokenizer_config.json"));
    Map<String, String> tokens = new HashMap<>();
    for (String name : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
      JsonNode token = config.path(name);
      String text = token.isObject() ? token.path("content").asText("") : token.asText("");
      if (!text.isEmpty()) {
        tokens.put(name, text);
      }
    }
    String source = source(modelDirectory, config);
    if (source == null) {
      throw new IOException(modelDirectory + ": has no chat template");
    }
    return new ChatTemplate(source, tokens);
  }

  /** Whether the directory has a chat template; base models have none. */
  public static boolean isIn(Path modelDirectory) throws IOException {
    return source(modelDirectory, json(modelDirectory.resolve("tokenizer_config.json"))) != null;
  }

  /** In the order in which {@code transformers} looks; of several named templates the default. */
  private static @Nullable String source(Path modelDirectory, JsonNode config) throws IOException {
    Path file = modelDirectory.resolve("chat_template.jinja");
    if (Files.exists(file)) {
      return Files.readString(file);
    }
    JsonNode legacy = json(modelDirectory.resolve("chat_template.json")).path("chat_template");
    JsonNode template = legacy.isMissingNode() ? config.path("chat_template") : legacy;
    if (template.isTextual()) {
      return template.asText();
    }
    for (JsonNode named : template) {
      if (named.path("name").asText().equals("default")) {
        return named.path("template").asText();
      }
    }
    return null;
  }

  private static JsonNode json(Path file) throws IOException {
    return Files.exists(file)
        ? new ObjectMapper().readTree(file.toFile())
        : MissingNode.getInstance();
  }

  /**
   * Renders a conversation, ready to be continued by the assistant if {@code addGenerationPrompt}.
   *
   * @throws Refusal when the template refuses the conversation
   * @throws IllegalArgumentException when the template fails, or takes more than {@link
   *     RenderLimits} grant
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    Map<String, Object> context = new HashMap<>(tokens);
    context.put("messages", messages.stream().map(ChatTemplate::dictionary).toList());
    context.put("add_generation_prompt", addGenerationPrompt);
    RenderResult result = rendered(context);
    for (TemplateError error : result.getErrors()) {
      if (error.getSeverity() == TemplateError.ErrorType.FATAL) {
        throw unusable(error);
      }
    }
    return result.getOutput().replace(MARK, "");
  }

  private RenderResult rendered(Map<String, Object> context) {
    try {
      return RenderLimits.within(time, () -> JINJA.renderForResult(source, context));
    } catch (RenderLimits.OverLimit e) {
      throw unusable(e);
    }
  }

  private static IllegalArgumentException unusable(RenderLimits.OverLimit over) {
    return new IllegalArgumentException("chat template: " + over.getMessage(), over);
  }

  private static Map<String, Object> dictionary(Message message) {
    Map<String, Object> dictionary = new LinkedHashMap<>();
    dictionary.put("role", message.role());
    dictionary.put("content", message.content().replaceFirst(FALSE, "$1" + MARK + "$2"));
    return dictionary;
  }

  private static IllegalArgumentException unusable(TemplateError error) {
    Throwable cause = error.getException();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Refusal refusal) {
      return new Refusal(refusal.reason());
    }
    if (cause instanceof RenderLimits.OverLimit over) {
      return unusable(over);
    }
    String reason = cause == null ? error.getMessage() : String.valueOf(cause.getMessage());
    return new IllegalArgumentException(
        "chat template, line %d: %s".formatted(error.getLineno(), reason), error.getException());
  }

  /**
   * Renders conversations as they will come, so that a template which this cannot render is refused
   * before anybody needs it. The template itself may refuse a system message, which some families
   * do not know.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public void check() {
    Message question = new Message("user", "Why is that?");
    Message answer = new Message("assistant", "Because.");
    for (List<Message> messages :
        List.of(List.of(question), List.of(question, answer, new Message("user", "And now?")))) {
      if (!render(messages, true).contains(messages.get(messages.size() - 1).content())) {
        throw new IllegalArgumentException("chat template: it leaves out what the user says");
      }
    }
    render(List.of(question, answer), false);
    try {
      render(List.of(new Message("system", "Be kind."), question), true);
    } catch (Refusal allowed) {
      // A template's own decision, told to whoever sends such a message.
    }
  }

  static boolean hasFilter(String name) {
    return JINJA.getGlobalContext().getFilter(name) != null;
  }

  static boolean hasTest(String name) {
    return JINJA.getGlobalContext().getExpTest(name) != null;
  }

  /** A template's own refusal of a conversation. */
  public static final class Refusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Refusal(String reason) {
      super("chat template: " + reason);
      this.reason = reason;
    }

    /** In the template's words. */
    public String reason() {
      return reason;
    }
  }

  /** What a template calls to refuse a conversation. */
  public static String raiseException(String message) {
    throw new Refusal(message);
  }

  /** Stands in for what Jinjava does not have. */
  public static String unsupported(String what) {
    throw new IllegalArgumentException("'" + what + "' is not supported");
  }

  /** The date or time of now in the manner of C, for templates that tell it to the model. */
  public static String strftimeNow(String format) {
    ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      String pattern = c == '%' && i + 1 < format.length() ? DATES.get(format.charAt(i + 1)) : null;
      if (pattern == null) {
        text.append(c);
      } else {
        text.append(now.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)));
        i++;
      }
    }
    return text.toString();
  }

  private static Jinjava jinja() {
    Jinjava jinja =
        new Jinjava(
            JinjavaConfig.newBuilder()
                .withFailOnUnknownTokens(false)
                .withMaxOutputSize(RenderLimits.MOST_CHARACTERS)
                .withProcessors(
                    JinjavaProcessors.newBuilder().withNodePreProcessor(new RenderLimits()).build())
                .withMaxRenderDepth(20)
                .withNestedInterpretationEnabled(false)
                .withElResolver(resolver())
                .withLegacyOverrides(
                    LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .build())
                .build());
    jinja.setResourceLocator(
        (name, encoding, interpreter) -> {
          throw new ResourceNotFoundException(name + ": a chat template stands alone");
        });
    jinja
        .getGlobalContext()
        .registerFunction(
            new ELFunctionDefinition(
                "", "raise_exception", ChatTemplate.class, "raiseException", String.class));
    jinja
        .getGlobalContext()
        .registerFunction(
            new ELFunctionDefinition(
                "", "strftime_now", ChatTemplate.class, "strftimeNow", String.class));
    jinja
        .getGlobalContext()
        .registerFunction(
            new ELFunctionDefinition(
                "",
                PythonExpressions.UNSUPPORTED,
                ChatTemplate.class,
                "unsupported",
                String.class));
    jinja.getGlobalContext().registerTag(new GenerationTag());
    jinja.getGlobalContext().registerTag(new PythonLoop());
    jinja.getGlobalContext().registerFilter(new PythonJson());
    jinja.getGlobalContext().registerFilter(new ItemsFilter());
    jinja.getGlobalContext().registerFilter(new ReplaceFilter());
    for (String name : SmallNumbers.FILTERS) {
      jinja
          .getGlobalContext()
          .registerFilter(new SmallNumbers(jinja.getGlobalContext().getFilter(name)));
    }
    jinja.getGlobalContext().registerFilter(new Unsupported());
    jinja.getGlobalContext().registerExpTest(new Unsupported());
    jinja.getGlobalContext().registerExpTest(new IsIterable());
    return jinja;
  }

  private static ELResolver resolver() {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonMethods());
    resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_WRITE);
    return resolver;
  }
}

package org.laurel.demonstration;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.prompt.Prompt;
import org.laurel.tokenizer.Message;
import org.laurel.web.Markdown;
import org.laurel.web.Shown;

/**
 * A demonstration to read.
 *
 * @param id of the version in force
 * @param origin written, which is here, or import
 * @param writer e-mail address of who wrote it here; null for an import
 * @param flags what its writer found wrong with the prompt
 * @param elapsedMs time spent on it, milliseconds
 * @param at when this version came
 * @param setAside why it does not count; null while it does
 */
public record ReadableDemonstration(
    UUID id,
    UUID promptId,
    List<Message> prompt,
    String text,
    String origin,
    @Nullable UUID writerId,
    @Nullable String writer,
    int version,
    List<String> flags,
    @Nullable Integer guidelinesVersion,
    @Nullable Long elapsedMs,
    Instant at,
    @Nullable SettingAside setAside) {

  /**
   * Why a demonstration does not count.
   *
   * @param by e-mail address of who decided; null if it was imported so
   */
  public record SettingAside(String reason, @Nullable String by, @Nullable Instant at) {}

  static List<ReadableDemonstration> of(List<Demonstration> found) {
    Map<UUID, Prompt> prompts =
        Prompt.<Prompt>list("id in ?1", ids(found, d -> d.promptId)).stream()
            .collect(Collectors.toMap(p -> p.id, p -> p));
    Map<UUID, String> people =
        Account.<Account>list("id in ?1", people(found)).stream()
            .collect(Collectors.toMap(a -> a.id, a -> a.email));
    return found.stream()
        .map(one -> of(one, Objects.requireNonNull(prompts.get(one.promptId)), people))
        .toList();
  }

  private static ReadableDemonstration of(
      Demonstration one, Prompt prompt, Map<UUID, String> people) {
    @Nullable UUID writer = one.isWritten() ? one.authorId : null;
    return new ReadableDemonstration(
        one.id,
        one.promptId,
        prompt.messages,
        one.text,
        one.origin,
        writer,
        writer == null ? null : people.get(writer),
        one.version,
        one.flags,
        one.guidelinesVersion,
        one.elapsedMs,
        one.createdAt,
        one.withheldNote == null
            ? null
            : new SettingAside(
                one.withheldNote,
                one.withheldBy == null ? null : people.get(one.withheldBy),
                one.withheldAt));
  }

  private static List<UUID> people(List<Demonstration> found) {
    return found.stream()
        .flatMap(d -> Stream.of(d.authorId, d.withheldBy))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private static Collection<UUID> ids(
      List<Demonstration> found, Function<Demonstration, UUID> which) {
    return found.stream().map(which).distinct().toList();
  }

  /** The last user's message, as safe HTML. */
  public String askedHtml() {
    return Markdown.html(prompt.get(prompt.size() - 1).content());
  }

  /** Time spent on it, for people; empty if it is not known. */
  public String time() {
    return elapsedMs == null ? "" : Shown.time(elapsedMs);
  }

  /** The demonstration as safe HTML. */
  public String html() {
    return Markdown.html(text);
  }
}

package org.laurel.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Each kind of deed in a sentence. */
final class Deeds {
  /**
   * {@code by} did it, {@code subject} and {@code project} are names; anything else is a field of
   * the detail.
   */
  private static final Map<String, String> SENTENCES =
      Map.ofEntries(
          Map.entry("account.created", "{by} made an account for {subject}"),
          Map.entry("account.disabled", "{by} disabled {subject}"),
          Map.entry("account.enabled", "{by} let {subject} sign in again"),
          Map.entry("account.invited", "{by} made an invitation link for {subject}"),
          Map.entry("account.joined", "{by} joined by single sign-on of {issuer}"),
          Map.entry("account.limited", "{by} limited {subject} to some projects"),
          Map.entry(
              "account.linked", "{by} will be known by single sign-on of {issuer} from now on"),
          Map.entry("account.password-changed", "{by} changed the password of {subject}"),
          Map.entry(
              "account.role-changed", "{by} gave {subject} the role of {to} (before: {from})"),
          Map.entry("account.signed-in", "{by} signed in"),
          Map.entry("account.token-issued", "{by} made the API token “{name}” for {subject}"),
          Map.entry("account.token-revoked", "{by} revoked an API token of {subject}"),
          Map.entry("account.widened", "{by} let {subject} work in every project"),
          Map.entry(
              "completions.imported",
              "{by} imported {imported} tasks with answers of other models into {project}"),
          Map.entry("comparisons.imported", "{by} imported {imported} comparisons into {project}"),
          Map.entry("demonstration.changed", "{by} changed a demonstration in {project}"),
          Map.entry(
              "demonstration.restored",
              "{by} let a demonstration in {project} count again: {reason}"),
          Map.entry(
              "demonstration.set-aside", "{by} set a demonstration aside in {project}: {reason}"),
          Map.entry("demonstration.written", "{by} wrote a demonstration in {project}"),
          Map.entry(
              "demonstrations.imported", "{by} imported {imported} demonstrations into {project}"),
          Map.entry("evaluation.begun", "{by} had {policy} compared with {against} in {project}"),
          Map.entry("evaluation.cancelled", "{by} stopped a comparison of policies in {project}"),
          Map.entry("invitation.accepted", "{by} accepted an invitation"),
          Map.entry(
              "judging.approved", "{by} let rounds use the votes of an AI judge in {project}"),
          Map.entry("judging.begun", "{by} asked the AI judge {model} in {project}"),
          Map.entry("judging.cancelled", "{by} stopped an AI judge in {project}"),
          Map.entry("judging.withdrawn", "{by} withdrew the votes of an AI judge in {project}"),
          Map.entry("policy.imported", "{by} imported the policy {subject}"),
          Map.entry("policy.promoted", "{by} promoted the policy {subject}"),
          Map.entry("project.changed", "{by} changed {project}: {change}"),
          Map.entry(
              "project.checks-forgiven",
              "{by} let {email} go on in {project} after failed silent checks"),
          Map.entry("project.created", "{by} made the project {project}"),
          Map.entry("project.member-admitted", "{by} let {subject} into {project}"),
          Map.entry("project.member-dismissed", "{by} took {subject} out of {project}"),
          Map.entry("prompt.retired", "{by} retired a prompt of {project}"),
          Map.entry("prompts.imported", "{by} imported {imported} prompts into {project}"),
          Map.entry("ranking.answered", "{by} answered a ranking sent back in {project}"),
          Map.entry("ranking.changed", "{by} changed a ranking in {project}"),
          Map.entry("ranking.restored", "{by} let a ranking in {project} count again: {reason}"),
          Map.entry("ranking.returned", "{by} sent a ranking back in {project}: {reason}"),
          Map.entry("ranking.set-aside", "{by} set a ranking aside in {project}: {reason}"),
          Map.entry(
              "ranking.skipped",
              "{by} gave up a ranking that was sent back in {project}: {reason}"),
          Map.entry("ranking.submitted", "{by} ranked a task of {project}"),
          Map.entry("round.cancelled", "{by} cancelled round {subject} of {project}"),
          Map.entry("round.launched", "{by} launched round {subject} of {project}"),
          Map.entry("round.resumed", "{by} resumed round {subject} of {project}"),
          Map.entry("rubric.changed", "{by} changed the AI judge’s rubric in {project}"),
          Map.entry("sampling.begun", "{by} had completions sampled in {project}"),
          Map.entry("sampling.cancelled", "{by} cancelled a sampling in {project}"),
          Map.entry("task.adjudicated", "{by} gave the order that counts for a task of {project}"),
          Map.entry(
              "task.adjudication-withdrawn",
              "{by} took back the order that counted for a task of {project}"),
          Map.entry("task.check-lifted", "{by} made a silent check of {project} a task again"),
          Map.entry("task.check-marked", "{by} made a task of {project} a silent check"),
          Map.entry("thumbs.imported", "{by} imported {imported} thumbs into {project}"));

  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");
  private static final String UNKNOWN = "{by}: {action} ({kind})";

  private Deeds() {}

  static boolean isKnown(String action) {
    return SENTENCES.containsKey(action);
  }

  /** What was done, for people; deeds without a sentence are told by their kind. */
  static String told(
      @Nullable String by,
      String action,
      String kind,
      @Nullable String subject,
      @Nullable String project,
      JsonNode detail) {
    Matcher place = PLACE.matcher(SENTENCES.getOrDefault(action, UNKNOWN));
    StringBuilder sentence = new StringBuilder();
    while (place.find()) {
      String word =
          switch (place.group(1)) {
            case "by" -> by == null ? "The server" : by;
            case "action" -> action;
            case "kind" -> kind;
            case "subject" -> subject == null ? "somebody" : subject;
            case "project" -> project == null ? "a project" : project;
            default -> field(detail.path(place.group(1)));
          };
      place.appendReplacement(sentence, Matcher.quoteReplacement(word));
    }
    return place.appendTail(sentence).toString();
  }

  /** Of an object the fields that say something: its values may be long. */
  private static String field(JsonNode value) {
    if (!value.isObject()) {
      return value.isMissingNode() || value.isNull() ? "?" : value.asText();
    }
    TreeSet<String> names = new TreeSet<>();
    value
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                names.add(entry.getKey());
              }
            });
    return String.join(", ", names);
  }
}

package org.laurel.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a project asks its annotators for beside the order, and how it hands out tasks, from the
 * project's settings.
 *
 * @param leaseMinutes how long a task stays reserved without a sign of life
 * @param ratings whether each completion gets a mark from 1 to 7
 * @param strength whether to ask how much better the best is than the next
 * @param rationale whether to offer a text field for the reasons
 * @param rationaleMinimum characters a rationale needs, 0 if it may be left empty or is not asked
 *     for
 * @param flags what may be wrong with a completion, each once
 * @param uncertainFirst whether mostly the task comes next that the votes so far say least about
 * @param demonstrationsPerPrompt how many people are to write a demonstration of a prompt; 0 for
 *     none
 * @param checkShare of an annotator's tasks, how many are silent checks as long as there are any, 0
 *     to 0.5
 * @param checkWarn failed checks after which the annotator is asked to read the guidelines again; 0
 *     for never
 * @param checkPause failed checks after which the annotator gets no more tasks until somebody lets
 *     them in again; 0 for never
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AnnotationForm(
    double leaseMinutes,
    boolean ratings,
    boolean strength,
    boolean rationale,
    int rationaleMinimum,
    List<String> flags,
    boolean uncertainFirst,
    int demonstrationsPerPrompt,
    double checkShare,
    int checkWarn,
    int checkPause) {

  /** The flags of a project that names none, after InstructGPT (Ouyang et al. 2022, table 3). */
  public static final List<String> DEFAULT_FLAGS =
      List.of("off-task", "untrue", "harmful", "rude", "unfinished", "language");

  /** Whatever the settings leave out has a default, so that a form grows without touching them. */
  @JsonCreator
  static AnnotationForm of(
      @JsonProperty("leaseMinutes") @Nullable Double leaseMinutes,
      @JsonProperty("ratings") @Nullable Boolean ratings,
      @JsonProperty("strength") @Nullable Boolean strength,
      @JsonProperty("rationale") @Nullable Boolean rationale,
      @JsonProperty("rationaleMinimum") @Nullable Integer rationaleMinimum,
      @JsonProperty("flags") @Nullable List<String> flags,
      @JsonProperty("uncertainFirst") @Nullable Boolean uncertainFirst,
      @JsonProperty("demonstrationsPerPrompt") @Nullable Integer demonstrationsPerPrompt,
      @JsonProperty("checkShare") @Nullable Double checkShare,
      @JsonProperty("checkWarn") @Nullable Integer checkWarn,
      @JsonProperty("checkPause") @Nullable Integer checkPause) {
    return new AnnotationForm(
        leaseMinutes == null ? 30 : leaseMinutes,
        ratings == null || ratings,
        strength == null || strength,
        rationale == null || rationale,
        rationaleMinimum == null || Boolean.FALSE.equals(rationale) ? 0 : rationaleMinimum,
        flags == null || flags.isEmpty() ? DEFAULT_FLAGS : flags.stream().distinct().toList(),
        uncertainFirst != null && uncertainFirst,
        demonstrationsPerPrompt == null ? 0 : demonstrationsPerPrompt,
        checkShare == null ? 0.05 : checkShare,
        checkWarn == null ? 2 : checkWarn,
        checkPause == null ? 5 : checkPause);
  }

  /** How long a lease lasts. */
  public Duration lease() {
    return Duration.ofMillis(Math.round(leaseMinutes * 60_000));
  }
}

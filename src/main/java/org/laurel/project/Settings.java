package org.laurel.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a project asks of its annotators beside the order, and in which order it does; what is
 * absent keeps its default, which {@code task.AnnotationForm} knows.
 *
 * @param leaseMinutes how long a task stays reserved without a sign of life
 * @param ratings whether each completion gets a mark from 1 to 7
 * @param strength whether to ask how much better the best is than the next
 * @param rationale whether to offer a text field for the reasons
 * @param rationaleMinimum characters that a rationale needs where one is asked for
 * @param flags what may be wrong with a completion, each once; an empty list stands for the default
 * @param uncertainFirst whether mostly the task comes next that the votes so far say least about
 * @param demonstrationsPerPrompt how many demonstrations of a prompt are wanted, imported ones
 *     counted; 0, as if absent, for none to be written
 * @param checkShare how many of an annotator's tasks are silent checks, where there are any
 * @param checkWarn after how many failed checks an annotator is asked to read the guidelines again;
 *     0 for never
 * @param checkPause after how many failed checks an annotator gets no more tasks; 0 for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Settings(
    @Nullable @DecimalMin("0.01") @Max(1440) Double leaseMinutes,
    @Nullable Boolean ratings,
    @Nullable Boolean strength,
    @Nullable Boolean rationale,
    @Nullable @Min(0) @Max(2000) Integer rationaleMinimum,
    @Nullable @Size(max = 20) List<@NotBlank @Size(max = 40) String> flags,
    @Nullable Boolean uncertainFirst,
    @Nullable @Min(0) @Max(20) Integer demonstrationsPerPrompt,
    @Nullable @DecimalMin("0") @DecimalMax("0.5") Double checkShare,
    @Nullable @Min(0) @Max(1000) Integer checkWarn,
    @Nullable @Min(0) @Max(1000) Integer checkPause) {
  static final Settings NONE =
      new Settings(null, null, null, null, null, null, null, null, null, null, null);

  /** A flag that is named twice is one. */
  public Settings {
    flags = flags == null ? null : flags.stream().distinct().toList();
  }

  /** These, with what the other one says instead. */
  Settings with(Settings change) {
    return new Settings(
        change.leaseMinutes == null ? leaseMinutes : change.leaseMinutes,
        change.ratings == null ? ratings : change.ratings,
        change.strength == null ? strength : change.strength,
        change.rationale == null ? rationale : change.rationale,
        change.rationaleMinimum == null ? rationaleMinimum : change.rationaleMinimum,
        change.flags == null ? flags : change.flags,
        change.uncertainFirst == null ? uncertainFirst : change.uncertainFirst,
        change.demonstrationsPerPrompt == null
            ? demonstrationsPerPrompt
            : change.demonstrationsPerPrompt,
        change.checkShare == null ? checkShare : change.checkShare,
        change.checkWarn == null ? checkWarn : change.checkWarn,
        change.checkPause == null ? checkPause : change.checkPause);
  }
}

package org.laurel.ranking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.web.Problem;

/**
 * A ranking as it comes in, ids still unchecked text.
 *
 * @param groups completion ids, best group first; the ids of one group are tied
 * @param ratings completion id to a mark from 1 (worst) to 7
 * @param flags completion id to what is wrong with it
 * @param strength how much better the best group is than the next: 1 negligibly, 2 slightly, 3
 *     better, 4 significantly
 * @param rationale the annotator's reasons
 * @param elapsedMs time spent on the task, milliseconds
 * @param unrankable "none of these can be ranked"; then there are no groups
 * @param returns how often the ranking had been sent back when this was composed: what is older
 *     than the last time does not answer it; null if it does whatever there was
 */
public record Submission(
    @Nullable List<@Nullable List<@Nullable String>> groups,
    @Nullable Map<String, @Nullable Integer> ratings,
    @Nullable Map<String, @Nullable List<@Nullable String>> flags,
    @Nullable Integer strength,
    @Nullable String rationale,
    @Nullable Long elapsedMs,
    @Nullable Boolean unrankable,
    @Nullable Integer returns) {

  /** What answers whatever there was. */
  public Submission(
      @Nullable List<@Nullable List<@Nullable String>> groups,
      @Nullable Map<String, @Nullable Integer> ratings,
      @Nullable Map<String, @Nullable List<@Nullable String>> flags,
      @Nullable Integer strength,
      @Nullable String rationale,
      @Nullable Long elapsedMs,
      @Nullable Boolean unrankable) {
    this(groups, ratings, flags, strength, rationale, elapsedMs, unrankable, null);
  }

  /** Characters of a rationale. */
  public static final int RATIONALE_LIMIT = 10_000;

  /** Characters of a flag. */
  public static final int FLAG_LIMIT = 40;

  /** Flags of a completion. */
  public static final int FLAGS_LIMIT = 20;

  /**
   * Checks everything at once.
   *
   * @param completions the task's completions
   * @param rationaleMinimum characters the rationale needs
   * @throws Problem 422 with an error for each thing wrong
   */
  public Judgment check(Collection<UUID> completions, int rationaleMinimum) {
    Checks checks = new Checks(completions);
    boolean none = Boolean.TRUE.equals(unrankable);
    List<List<UUID>> ranked = checks.groups(groups == null ? List.of() : groups, none);
    Map<UUID, Integer> marks = checks.ratings(ratings == null ? Map.of() : ratings);
    Map<UUID, List<String>> faults = checks.flags(flags == null ? Map.of() : flags);
    if (strength != null && (strength < 1 || strength > 4)) {
      checks.error("strength", "strength " + strength + " is not between 1 and 4");
    }
    if (elapsedMs != null && elapsedMs < 0) {
      checks.error("elapsedMs", "elapsedMs " + elapsedMs + " is negative");
    }
    String reasons = rationale == null || rationale.isBlank() ? null : rationale.strip();
    int length = reasons == null ? 0 : reasons.length();
    if (length > RATIONALE_LIMIT) {
      checks.error("rationale", "the rationale is longer than " + RATIONALE_LIMIT + " characters");
    }
    if (length < rationaleMinimum) {
      checks.error("rationale", "the rationale needs at least " + rationaleMinimum + " characters");
    }
    checks.throwIfAny();
    return new Judgment(ranked, marks, faults, strength, reasons, elapsedMs, none);
  }

  /** Collects what is wrong, so that a person mends all of it in one go. */
  private static final class Checks {

    private final Set<UUID> completions;
    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    Checks(Collection<UUID> completions) {
      this.completions = new LinkedHashSet<>(completions);
    }

    void error(String field, String message) {
      errors.computeIfAbsent(field, f -> new ArrayList<>()).add(message);
    }

    void throwIfAny() {
      if (errors.isEmpty()) {
        return;
      }
      List<String> all = errors.values().stream().flatMap(List::stream).toList();
      Problem problem = Problem.invalid("The ranking is not stored: " + String.join("; ", all));
      errors.forEach((field, messages) -> messages.forEach(m -> problem.error(field, m)));
      throw problem;
    }

    List<List<UUID>> groups(List<@Nullable List<@Nullable String>> given, boolean unrankable) {
      List<List<UUID>> ranked = new ArrayList<>();
      Set<UUID> seen = new LinkedHashSet<>();
      for (int i = 0; i < given.size(); i++) {
        List<@Nullable String> group = given.get(i);
        String field = "groups[" + i + "]";
        if (group == null || group.isEmpty()) {
          error(field, "the group is empty");
          continue;
        }
        List<UUID> ids = new ArrayList<>();
        for (String text : group) {
          UUID id = completion(field, text);
          if (id != null && !seen.add(id)) {
            error(field, "completion " + id + " is ranked twice");
          } else if (id != null) {
            ids.add(id);
          }
        }
        ranked.add(ids);
      }
      if (unrankable) {
        if (!given.isEmpty()) {
          error("groups", "an unrankable task has no groups");
        }
        return List.of();
      }
      for (UUID id : completions) {
        if (!seen.contains(id)) {
          error("groups", "completion " + id + " is missing from the ranking");
        }
      }
      return ranked;
    }

    Map<UUID, Integer> ratings(Map<String, @Nullable Integer> given) {
      Map<UUID, Integer> marks = new LinkedHashMap<>();
      given.forEach(
          (text, mark) -> {
            UUID id = completion("ratings", text);
            if (mark == null || mark < 1 || mark > 7) {
              error("ratings." + text, "rating " + mark + " is not between 1 and 7");
            } else if (id != null) {
              marks.put(id, mark);
            }
          });
      return marks;
    }

    Map<UUID, List<String>> flags(Map<String, @Nullable List<@Nullable String>> given) {
      Map<UUID, List<String>> faults = new LinkedHashMap<>();
      given.forEach(
          (text, flags) -> {
            UUID id = completion("flags", text);
            Set<String> names = new LinkedHashSet<>();
            for (String flag : flags == null ? List.<@Nullable String>of() : flags) {
              if (flag == null || flag.isBlank() || flag.length() > FLAG_LIMIT) {
                error("flags." + text, "a flag has 1 to " + FLAG_LIMIT + " characters");
              } else {
                names.add(flag.strip());
              }
            }
            if (names.size() > FLAGS_LIMIT) {
              error("flags." + text, "more than " + FLAGS_LIMIT + " flags");
            }
            if (id != null && !names.isEmpty()) {
              faults.put(id, names.stream().sorted().toList());
            }
          });
      return faults;
    }

    private @Nullable UUID completion(String field, @Nullable String text) {
      for (UUID id : completions) {
        if (id.toString().equalsIgnoreCase(text)) {
          return id;
        }
      }
      error(field, "completion " + text + " does not belong to this task");
      return null;
    }
  }
}

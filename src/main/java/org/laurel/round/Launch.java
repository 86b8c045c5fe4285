package org.laurel.round;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.artifact.Artifacts;
import org.laurel.dataset.VotesOf;
import org.laurel.engine.ppo.PpoHyperparameters;
import org.laurel.engine.reward.RewardHyperparameters;
import org.laurel.engine.run.InvalidHyperparameter;
import org.laurel.model.ModelDirectory;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Project;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.round.Round.RoundPlan;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/**
 * Starts rounds: checks that there is enough to learn from, and puts the first step in the queue.
 */
@ApplicationScoped
public class Launch {
  /** Fewer say nothing about what people want, and leave nothing to judge the reward model by. */
  static final int FEWEST_RANKINGS = 10;

  static final int FEWEST_PROMPTS = 8;

  /** Of each kind: KTO learns from the difference. */
  static final int FEWEST_THUMBS = 10;

  private final EntityManager database;
  private final Steps steps;
  private final MemoryCheck memory;
  private final Artifacts artifacts;
  private final Audit audit;

  @Inject
  Launch(
      EntityManager database, Steps steps, MemoryCheck memory, Artifacts artifacts, Audit audit) {
    this.database = database;
    this.steps = steps;
    this.memory = memory;
    this.artifacts = artifacts;
    this.audit = audit;
  }

  /**
   * A round with its first step queued.
   *
   * @throws Problem 422 naming what is missing or wrong
   */
  @Transactional
  public Round launch(Project project, RoundRequest request, @Nullable UUID account) {
    List<String> planned = request.plannedSteps();
    Map<String, Map<String, Object>> hyperparameters = request.hyperparameters();
    PolicyVersion policy =
        PolicyVersion.named(request.policy())
            .orElseThrow(
                () ->
                    Problem.invalid("there is no policy to start from")
                        .error(
                            "policy",
                            "there is no policy '"
                                + (request.policy() == null ? "serving" : request.policy())
                                + "'"));
    Project.lock(project.id);
    Round round = new Round();
    round.projectId = project.id;
    round.number = Round.nextNumber(project.id);
    round.seed = request.seed() == null ? 1 : request.seed();
    round.createdBy = account;
    UUID judge = rewardModel(project.id, planned);
    VotesOf votes = request.votesOf();
    enough(project.id, planned, votes);
    settings(project.id, policy, request, votes);
    MemoryCheck.Fit fit = memory.fit(project.id, policy, planned, hyperparameters);
    round.configuration =
        new RoundPlan(planned, fit.settings(), policy.id, judge, fit.bytes(), votes.key());
    round.persist();
    steps.begin(round, 0);
    audit.record(
        "round.launched",
        "round",
        round.id,
        Map.of("number", round.number, "steps", planned, "votes", votes.key()));
    return round;
  }

  private @Nullable UUID rewardModel(UUID project, List<String> planned) {
    Optional<String> needing =
        planned.stream().filter(step -> StepKind.of(step).needsRewardModel()).findFirst();
    if (needing.isEmpty() || planned.contains("reward")) {
      return null;
    }
    Optional<RewardModelVersion> newest =
        RewardModelVersion.find("projectId = ?1 order by id desc", project).firstResultOptional();
    return newest
        .map(model -> model.id)
        .orElseThrow(
            () ->
                Problem.invalid(
                        needing.get() + " needs a reward model, and this project has none yet")
                    .error("steps", "put reward before " + needing.get()));
  }

  private void enough(UUID project, List<String> planned, VotesOf votes) {
    Counts counts = Counts.of(database, project);
    for (String step : planned) {
      switch (StepKind.of(step).learnsFrom()) {
        case RANKINGS -> {
          enough(
              votes == VotesOf.AI ? "votes of judges" : "rankings",
              "to learn from",
              counts.rankings(votes),
              FEWEST_RANKINGS);
          if (counts.comparisons(votes) == 0) {
            throw Problem.invalid("all rankings are ties, which do not say what is better")
                .error("rankings", "none tells two answers apart");
          }
        }
        case PROMPTS -> enough("prompts", "to practise on", counts.prompts(), FEWEST_PROMPTS);
        case THUMBS -> {
          enough("thumbs up", "to learn from", counts.thumbsUp(), FEWEST_THUMBS);
          enough("thumbs down", "to learn from", counts.thumbsDown(), FEWEST_THUMBS);
        }
        case DEMONSTRATIONS -> {
          if (counts.demonstrations() == 0) {
            throw Problem.invalid("there are no demonstrations to learn from")
                .error("demonstrations", "there are none");
          }
        }
      }
    }
  }

  /** What the policy and what there is to learn from allow of the settings. */
  private void settings(UUID project, PolicyVersion policy, RoundRequest request, VotesOf votes) {
    Optional<ModelDirectory> files = PolicyFiles.of(policy, artifacts);
    for (String step : request.plannedSteps()) {
      StepKind kind = StepKind.of(step);
      Record settings = request.settings(kind);
      try {
        files.ifPresent(model -> PolicyLimits.check(settings, model.config()));
        if (settings instanceof RewardHyperparameters reward) {
          Voters.of(database, project, votes).check(reward);
        } else if (settings instanceof PpoHyperparameters ppo) {
          trainable(ppo, Counts.of(database, project).prompts());
        }
      } catch (InvalidHyperparameter e) {
        throw RoundRequest.refusal(kind, e);
      }
    }
  }

  private static void trainable(PpoHyperparameters settings, long prompts) {
    if (settings.heldOutPrompts() >= prompts) {
      throw new InvalidHyperparameter(
          "heldOutPrompts",
          "must be less than %d, the prompts of the project, not %d"
              .formatted(prompts, settings.heldOutPrompts()));
    }
  }

  private static void enough(String what, String purpose, long there, int needed) {
    if (there < needed) {
      throw Problem.invalid(
              "too few %s %s: there are %d, at least %d are needed"
                  .formatted(what, purpose, there, needed))
          .error(what, "there are " + there + " of at least " + needed);
    }
  }
}

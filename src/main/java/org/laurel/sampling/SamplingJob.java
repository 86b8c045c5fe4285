package org.laurel.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.laurel.policy.PolicyVersion;
import org.laurel.policy.ServedPolicies;
import org.laurel.policy.ServedPolicy;
import org.laurel.rewardmodel.RewardModelVersion;
import org.laurel.rewardmodel.RewardScorers;
import org.laurel.sampling.LackingPrompts.Prompt;
import org.laurel.tokenizer.Message;

/**
 * Does the work of a {@link Sampling}: prompt by prompt, each stored with its task in a transaction
 * of its own, so that whatever happens the work so far stays and the rest can follow.
 */
@ApplicationScoped
class SamplingJob {
  private static final Logger LOG = Logger.getLogger(SamplingJob.class);

  /** Prompts under way at once; the session decodes their rows together. */
  private static final int AT_ONCE = 16;

  private final EntityManager entityManager;
  private final LackingPrompts prompts;
  private final ServedPolicies policies;
  private final RewardScorers scorers;
  private final Event<PromptSampled> sampled;
  private final ObjectMapper json;

  SamplingJob(
      EntityManager entityManager,
      LackingPrompts prompts,
      ServedPolicies policies,
      RewardScorers scorers,
      Event<PromptSampled> sampled,
      ObjectMapper json) {
    this.entityManager = entityManager;
    this.prompts = prompts;
    this.policies = policies;
    this.scorers = scorers;
    this.sampled = sampled;
    this.json = json;
  }

  /** Runs to the end, a failure, or the request to stop; returns early when interrupted. */
  void run(UUID samplingId) throws InterruptedException {
    try {
      boolean complete = sampleAll(samplingId);
      end(samplingId, complete ? "finished" : "cancelled", null);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (cause instanceof InterruptedException) {
        throw new InterruptedException();
      }
      fail(samplingId, cause);
    } catch (RuntimeException e) {
      fail(samplingId, e);
    }
  }

  private void fail(UUID samplingId, Throwable cause) {
    LOG.errorf(cause, "sampling %s failed", samplingId);
    end(samplingId, "failed", String.valueOf(cause));
  }

  private boolean sampleAll(UUID samplingId) throws InterruptedException, ExecutionException {
    Sampling sampling = begin(samplingId);
    ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
    try (ServedPolicy policy = open(sampling.policyId);
        ServedPolicy baseline = sampling.baselineId == null ? null : open(sampling.baselineId)) {
      CompletionService<Boolean> underWay = new ExecutorCompletionService<>(workers);
      Drawing drawing = drawing(sampling, policy, baseline);
      long left = sampling.total - sampling.done;
      String place = LackingPrompts.start(sampling);
      while (left > 0) {
        List<Prompt> next = prompts.after(sampling, place, (int) Math.min(left, 4L * AT_ONCE));
        if (next.isEmpty()) {
          break;
        }
        for (Prompt prompt : next) {
          underWay.submit(() -> sample(sampling, drawing, prompt));
        }
        boolean goOn = true;
        for (int i = 0; i < next.size(); i++) {
          goOn &= underWay.take().get();
        }
        if (!goOn) {
          return false;
        }
        left -= next.size();
        place = next.get(next.size() - 1).place();
      }
      return true;
    } finally {
      workers.shutdownNow();
    }
  }

  private ServedPolicy open(UUID policyId) {
    return policies.open(
        QuarkusTransaction.requiringNew()
            .call(() -> Objects.requireNonNull(PolicyVersion.findById(policyId))));
  }

  private Drawing drawing(Sampling sampling, ServedPolicy policy, @Nullable ServedPolicy baseline) {
    Map<String, Object> parameters = sampling.parameters;
    if (baseline == null) {
      return new PromptSampler(policy, parameters, sampling.id, bestOf(parameters));
    }
    return new PairSampler(
        new PromptSampler(policy, parameters, sampling.id, null),
        new PromptSampler(baseline, parameters, sampling.id, null));
  }

  private @Nullable BestOf bestOf(Map<String, Object> parameters) {
    int drawn = BestOf.drawn(parameters);
    if (drawn == 1) {
      return null;
    }
    UUID id = BestOf.model(parameters);
    RewardModelVersion model =
        QuarkusTransaction.requiringNew()
            .call(() -> Objects.requireNonNull(RewardModelVersion.findById(id)));
    return new BestOf(drawn, model, scorers);
  }

  /**
   * One prompt.
   *
   * @return false once somebody asked the job to stop
   */
  private boolean sample(Sampling sampling, Drawing drawing, Prompt prompt)
      throws InterruptedException, JsonProcessingException {
    if (QuarkusTransaction.requiringNew().call(() -> stopRequested(sampling.id))) {
      return false;
    }
    List<Message> messages =
        json.readValue(prompt.messages(), new TypeReference<List<Message>>() {});
    List<Completion> drawn = new ArrayList<>();
    try {
      drawn.addAll(drawing.draw(prompt.id(), messages));
    } catch (IllegalArgumentException unfit) { // too long, or refused by the chat template
      LOG.infof(
          "sampling %s passes over prompt %s: %s", sampling.id, prompt.id(), unfit.getMessage());
      drawn.clear();
    }
    QuarkusTransaction.requiringNew().run(() -> store(sampling, prompt.id(), drawn));
    return true;
  }

  private void store(Sampling sampling, UUID promptId, List<Completion> drawn) {
    boolean choice = drawn.size() >= 2;
    if (choice) {
      drawn.forEach(completion -> completion.persist());
      entityManager.flush();
    }
    if (choice && !areAlike(drawn)) {
      sampled.fire(new PromptSampled(sampling, promptId, drawn));
    }
    entityManager
        .createNativeQuery(
            "update sampling set done = done + 1, passed_over = passed_over + :passed,"
                + " heartbeat_at = now() where id = :id")
        .setParameter("passed", choice ? 0 : 1)
        .setParameter("id", sampling.id)
        .executeUpdate();
  }

  /** Two policies may say the same of a prompt; then there is nothing to ask people. */
  private static boolean areAlike(List<Completion> drawn) {
    return drawn.stream().map(completion -> completion.text.strip()).distinct().count() == 1;
  }

  private Sampling begin(UUID samplingId) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Sampling sampling = locked(samplingId);
              // what was passed over before a restart is tried again and counted anew
              sampling.done -= sampling.passedOver;
              sampling.passedOver = 0;
              long lacking = prompts.count(sampling);
              if (sampling.parameters.get("prompts") instanceof Number most) {
                lacking = Math.min(lacking, most.longValue() - sampling.done);
              }
              sampling.begin(Math.max(0, lacking));
              return sampling;
            });
  }

  private void end(UUID samplingId, String outcome, @Nullable String why) {
    QuarkusTransaction.requiringNew().run(() -> locked(samplingId).end(outcome, why));
  }

  /** Of its own until the transaction ends, so that nobody's request to stop is written over. */
  private static Sampling locked(UUID samplingId) {
    return Objects.requireNonNull(
        Sampling.findById(samplingId, LockModeType.PESSIMISTIC_WRITE), "the sampling is gone");
  }

  private boolean stopRequested(UUID samplingId) {
    return (Boolean)
        entityManager
            .createNativeQuery(
                "select cancel_requested from sampling where id = :id", Boolean.class)
            .setParameter("id", samplingId)
            .getSingleResult();
  }
}

package org.laurel.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Tuple;
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

  private static final String LACKING =
      """
      from prompt p
       where p.project_id = :project and p.retired_at is null
         and not exists (select 1 from completion c where c.prompt_id = p.id
                          and c.policy_id = :policy and c.sampling_id is not null)
      """;

  private final EntityManager entityManager;
  private final ServedPolicies policies;
  private final RewardScorers scorers;
  private final Event<PromptSampled> sampled;
  private final ObjectMapper json;

  SamplingJob(
      EntityManager entityManager,
      ServedPolicies policies,
      RewardScorers scorers,
      Event<PromptSampled> sampled,
      ObjectMapper json) {
    this.entityManager = entityManager;
    this.policies = policies;
    this.scorers = scorers;
    this.sampled = sampled;
    this.json = json;
  }

  private record Prompt(UUID id, String messages) {}

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
    PolicyVersion version =
        QuarkusTransaction.requiringNew()
            .call(() -> Objects.requireNonNull(PolicyVersion.findById(sampling.policyId)));
    ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
    try (ServedPolicy policy = policies.open(version)) {
      PromptSampler sampler =
          new PromptSampler(policy, sampling.parameters, samplingId, bestOf(sampling.parameters));
      CompletionService<Boolean> underWay = new ExecutorCompletionService<>(workers);
      long left = sampling.total - sampling.done;
      UUID after = new UUID(0, 0);
      while (left > 0) {
        List<Prompt> prompts = lacking(sampling, after, (int) Math.min(left, 4L * AT_ONCE));
        if (prompts.isEmpty()) {
          break;
        }
        for (Prompt prompt : prompts) {
          underWay.submit(() -> sample(sampling, sampler, prompt));
        }
        boolean goOn = true;
        for (int i = 0; i < prompts.size(); i++) {
          goOn &= underWay.take().get();
        }
        if (!goOn) {
          return false;
        }
        left -= prompts.size();
        after = prompts.get(prompts.size() - 1).id();
      }
      return true;
    } finally {
      workers.shutdownNow();
    }
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
  private boolean sample(Sampling sampling, PromptSampler sampler, Prompt prompt)
      throws InterruptedException, JsonProcessingException {
    if (QuarkusTransaction.requiringNew().call(() -> stopRequested(sampling.id))) {
      return false;
    }
    List<Message> messages =
        json.readValue(prompt.messages(), new TypeReference<List<Message>>() {});
    List<Completion> drawn = new ArrayList<>();
    try {
      drawn.addAll(sampler.draw(prompt.id(), messages));
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
      sampled.fire(
          new PromptSampled(
              sampling.projectId, promptId, sampling.id, drawn, sampling.seats, sampling.priority));
    }
    entityManager
        .createNativeQuery(
            "update sampling set done = done + 1, passed_over = passed_over + :passed,"
                + " heartbeat_at = now() where id = :id")
        .setParameter("passed", choice ? 0 : 1)
        .setParameter("id", sampling.id)
        .executeUpdate();
  }

  private Sampling begin(UUID samplingId) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Sampling sampling = locked(samplingId);
              // what was passed over before a restart is tried again and counted anew
              sampling.done -= sampling.passedOver;
              sampling.passedOver = 0;
              long lacking = lackingCount(sampling);
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

  private long lackingCount(Sampling sampling) {
    return (Long)
        entityManager
            .createNativeQuery("select count(*) " + LACKING, Long.class)
            .setParameter("project", sampling.projectId)
            .setParameter("policy", sampling.policyId)
            .getSingleResult();
  }

  @SuppressWarnings("unchecked")
  private List<Prompt> lacking(Sampling sampling, UUID after, int limit) {
    List<Tuple> rows =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    entityManager
                        .createNativeQuery(
                            "select p.id, cast(p.messages as text) as messages "
                                + LACKING
                                + " and p.id > :after order by p.id limit :limit",
                            Tuple.class)
                        .setParameter("project", sampling.projectId)
                        .setParameter("policy", sampling.policyId)
                        .setParameter("after", after)
                        .setParameter("limit", limit)
                        .getResultList());
    return rows.stream()
        .map(row -> new Prompt(row.get(0, UUID.class), row.get(1, String.class)))
        .toList();
  }
}

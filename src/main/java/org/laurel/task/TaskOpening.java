package org.laurel.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.laurel.sampling.PromptSampled;
import org.laurel.sampling.Sampling;

/** Opens a task for every prompt that got its completions. */
@ApplicationScoped
class TaskOpening {

  void open(@Observes PromptSampled prompt) {
    Sampling sampling = prompt.sampling();
    Task.open(
        sampling.projectId,
        prompt.promptId(),
        sampling.id,
        sampling.baselineId == null ? Task.Origin.SAMPLING : Task.Origin.EVALUATION,
        sampling.priority,
        prompt.completions(),
        sampling.seats);
  }
}

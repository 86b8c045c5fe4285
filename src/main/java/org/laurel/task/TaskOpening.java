package org.laurel.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.laurel.sampling.PromptSampled;

/** Opens a task for every prompt that got its completions. */
@ApplicationScoped
class TaskOpening {

  void open(@Observes PromptSampled prompt) {
    Task.open(
        prompt.projectId(),
        prompt.promptId(),
        prompt.samplingId(),
        Task.Origin.SAMPLING,
        prompt.priority(),
        prompt.completions(),
        prompt.seats());
  }
}

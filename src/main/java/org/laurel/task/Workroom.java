package org.laurel.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the annotator's page needs to know before there is a task.
 *
 * @param guidelines safe HTML; null if the project has none
 * @param standing whether the annotator is to read the guidelines again, or gets no more tasks
 */
public record Workroom(
    UUID projectId,
    String projectName,
    UUID accountId,
    AnnotationForm form,
    @Nullable String guidelines,
    @Nullable Integer guidelinesVersion,
    Standing standing) {

  public boolean isReminded() {
    return standing == Standing.WARNED;
  }

  /** How long a lease lasts, milliseconds. */
  public long leaseMs() {
    return form.lease().toMillis();
  }

  /** The flags as JSON, for a data attribute. */
  public String flags() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    form.flags().forEach(all::add);
    return all.toString();
  }
}

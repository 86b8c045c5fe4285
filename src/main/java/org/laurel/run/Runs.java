package org.laurel.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.web.Problem;

/**
 * Training runs over HTTP: how far, which figures, what the policy writes, what the process
 * printed.
 */
@Path("/api/runs")
public class Runs {
  private final MetricFeed feed;
  private final RunFolders folders;
  private final Access access;
  private final ObjectMapper json;

  @Inject
  Runs(MetricFeed feed, RunFolders folders, Access access, ObjectMapper json) {
    this.feed = feed;
    this.folders = folders;
    this.access = access;
    this.json = json;
  }

  /** How far it is. */
  @GET
  @Path("/{id}")
  @RolesAllowed(Role.REVIEWER)
  @Produces(MediaType.APPLICATION_JSON)
  public RunView get(UUID id) {
    return RunView.of(run(id));
  }

  /** Every figure known now, one JSON object a line; also for those who accept anything. */
  @GET
  @Path("/{id}/metrics")
  @RolesAllowed(Role.REVIEWER)
  @Produces("application/x-ndjson")
  @Operation(summary = "The figures: those known now, one a line, or each as it comes, as events")
  @APIResponseSchema(Metric.class)
  public StreamingOutput all(UUID id) {
    run(id);
    return out -> {
      feed.write(id, out, json::writeValueAsString);
      out.close();
    };
  }

  /**
   * The figures as they come: unnamed events with one figure each, whose id is where to go on after
   * a break; {@code progress} events as it gets further; {@code end} once nothing more comes.
   */
  @GET
  @Path("/{id}/metrics")
  @RolesAllowed(Role.REVIEWER)
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking
  @APIResponseSchema(Metric.class)
  public Multi<OutboundSseEvent> follow(
      UUID id, @HeaderParam("Last-Event-ID") @Nullable String lastEventId, @Context Sse sse) {
    run(id);
    return feed.follow(id, sequence(lastEventId))
        .onItem()
        .transformToMultiAndConcatenate(look -> Multi.createFrom().iterable(events(look, sse)));
  }

  /** What the policy wrote for a few fixed prompts as it changed. */
  @GET
  @Path("/{id}/samples")
  @RolesAllowed(Role.REVIEWER)
  @Produces(MediaType.APPLICATION_JSON)
  public List<Sample> samples(UUID id) {
    run(id);
    return Sample.of(id);
  }

  /** The last of what the training process printed. */
  @GET
  @Path("/{id}/log")
  @RolesAllowed(Role.ADMINISTRATOR)
  @Produces(MediaType.TEXT_PLAIN + ";charset=UTF-8")
  public String log(UUID id) {
    return folders.of(run(id).id).logTail();
  }

  private List<OutboundSseEvent> events(MetricFeed.Look look, Sse sse) {
    List<OutboundSseEvent> events = new ArrayList<>();
    for (Metric metric : look.metrics()) {
      events.add(
          sse.newEventBuilder()
              .id(Long.toString(metric.sequence()))
              .mediaType(MediaType.APPLICATION_JSON_TYPE)
              .data(Metric.class, metric)
              .build());
    }
    events.add(
        sse.newEventBuilder()
            .name(look.ended() ? "end" : "progress")
            .mediaType(MediaType.APPLICATION_JSON_TYPE)
            .data(MetricFeed.Progress.class, look.progress())
            .build());
    return events;
  }

  private static long sequence(@Nullable String lastEventId) {
    try {
      return lastEventId == null || lastEventId.isBlank() ? 0 : Long.parseLong(lastEventId);
    } catch (NumberFormatException e) {
      throw Problem.malformed("Last-Event-ID must be a number that an event had");
    }
  }

  /** The run, if the account may see its project. */
  private Run run(UUID id) {
    Run run = Run.<Run>findByIdOptional(id).orElseThrow(() -> Problem.notFound("run", id));
    if (run.projectId != null) {
      access.read(run.projectId);
    }
    return run;
  }
}

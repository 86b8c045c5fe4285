package org.laurel.ranking;

import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Account;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.sampling.Completion;
import org.laurel.web.Cursor;
import org.laurel.web.Page;

/** What everybody ranked in a project, with the texts, for those who look after the work. */
@Path("/api/projects/{id}/rankings")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.REVIEWER)
@Transactional
public class RankingListResource {

  private final Access access;

  RankingListResource(Access access) {
    this.access = access;
  }

  /**
   * A ranking to read.
   *
   * @param annotator e-mail address; null for an import
   * @param texts completion id to its text
   * @param withholding why it does not count; null while it does
   */
  public record ReadableRanking(
      StoredRanking ranking,
      @Nullable String annotator,
      Map<UUID, String> texts,
      @Nullable Withholding withholding) {}

  /**
   * Why a ranking does not count.
   *
   * @param note why it was set aside, or what was written to the annotator
   * @param by e-mail address of who decided; null if it was imported so
   */
  public record Withholding(String note, @Nullable String by, @Nullable Instant at) {}

  /** Newest first; one annotator's or one task's where asked for. */
  @GET
  public Page<ReadableRanking> list(
      @PathParam("id") UUID projectId,
      @QueryParam("annotator") @Nullable UUID annotatorId,
      @QueryParam("task") @Nullable UUID taskId,
      @BeanParam @Valid Cursor cursor) {
    access.read(projectId);
    List<Ranking> found =
        Ranking.newest(projectId, annotatorId, taskId, last(projectId, cursor), cursor.limit + 1);
    List<RankingVersion> versions = RankingVersion.inForce(found);
    Map<UUID, String> texts = texts(versions);
    Map<UUID, String> people = people(found);
    List<ReadableRanking> rows = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Ranking ranking = found.get(i);
      RankingVersion version = versions.get(i);
      Map<UUID, String> shown =
          version.displayOrder.stream()
              .collect(Collectors.toMap(id -> id, id -> texts.getOrDefault(id, "")));
      @Nullable String annotator =
          ranking.annotatorId == null ? null : people.get(ranking.annotatorId);
      rows.add(
          new ReadableRanking(
              StoredRanking.of(ranking, version), annotator, shown, withholding(ranking, people)));
    }
    return Page.of(rows, cursor.limit, row -> row.ranking().id().toString());
  }

  private static @Nullable Ranking last(UUID projectId, Cursor cursor) {
    UUID last = cursor.last(id -> Ranking.count("id = ?1 and projectId = ?2", id, projectId) > 0);
    return last == null ? null : Ranking.findById(last);
  }

  private static @Nullable Withholding withholding(Ranking ranking, Map<UUID, String> people) {
    String note = ranking.withheldNote;
    if (note == null) {
      return null;
    }
    @Nullable String by = ranking.withheldBy == null ? null : people.get(ranking.withheldBy);
    return new Withholding(note, by, ranking.withheldAt);
  }

  private static Map<UUID, String> texts(List<RankingVersion> versions) {
    Set<UUID> ids =
        versions.stream().flatMap(v -> v.displayOrder.stream()).collect(Collectors.toSet());
    return Completion.withIds(ids).stream().collect(Collectors.toMap(c -> c.id, c -> c.text));
  }

  private static Map<UUID, String> people(List<Ranking> rankings) {
    List<UUID> ids = new ArrayList<>();
    for (Ranking ranking : rankings) {
      if (ranking.annotatorId != null) {
        ids.add(ranking.annotatorId);
      }
      if (ranking.withheldBy != null) {
        ids.add(ranking.withheldBy);
      }
    }
    return Account.<Account>list("id in ?1", ids).stream()
        .collect(Collectors.toMap(a -> a.id, a -> a.email));
  }
}

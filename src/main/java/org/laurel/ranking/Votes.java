package org.laurel.ranking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.laurel.database.Query;
import org.laurel.preference.OrderedGroups;

/**
 * Reads the rankings of a project that people gave. By plain JDBC: a project may have a hundred
 * thousand, and nothing but their figures is wanted.
 */
@ApplicationScoped
class Votes {

  private static final String RANKINGS =
      """
      select r.task_id, r.annotator_id, r.submitted_at, v.groups::text, v.display_order,
             v.ratings::text, v.elapsed_ms, v.unrankable, r.fast
        from ranking r join ranking_version v on v.ranking_id = r.id and v.version = r.version
       where r.project_id = ? and r.annotator_id is not null and r.withheld is null
       order by r.task_id, r.seat
      """;

  private static final String SETTLED =
      """
      select task_id, adjudicated_groups(id)::text from adjudication
       where project_id = ? and withdrawn_at is null and not unrankable
      """;

  private static final String LENGTHS =
      """
      select c.id, char_length(c.text) from completion c join prompt p on p.id = c.prompt_id
       where p.project_id = ?
      """;

  private static final String MODELS =
      """
      select c.id, c.source_policy
        from task t
        join task_completion m on m.task_id = t.id
        join completion c on c.id = m.completion_id
       where t.project_id = ? and t.origin = 'import' and c.source_policy is not null
      """;

  private final DataSource dataSource;
  private final ObjectMapper json;

  Votes(DataSource dataSource, ObjectMapper json) {
    this.dataSource = dataSource;
    this.json = json;
  }

  /** All votes in force, by task. */
  Map<UUID, List<Vote>> byTask(UUID projectId) {
    return Query.of(RANKINGS, projectId).rows(dataSource, this::vote).stream()
        .collect(Collectors.groupingBy(Vote::taskId, LinkedHashMap::new, Collectors.toList()));
  }

  /** The orders by which reviewers settled tasks, by task. */
  Map<UUID, OrderedGroups<UUID>> settled(UUID projectId) {
    return Query.of(SETTLED, projectId)
        .rows(dataSource, row -> Map.entry(row.getObject(1, UUID.class), groups(row.getString(2))))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Characters of each completion, ranked or not: to leave some out takes longer. */
  Map<UUID, Integer> lengths(UUID projectId) {
    return Query.of(LENGTHS, projectId)
        .rows(dataSource, row -> Map.entry(row.getObject(1, UUID.class), row.getInt(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Who wrote an imported completion, where the file names a model. */
  Map<UUID, String> models(UUID projectId) {
    return Query.of(MODELS, projectId)
        .rows(dataSource, row -> Map.entry(row.getObject(1, UUID.class), row.getString(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Vote vote(ResultSet row) throws SQLException {
    Array order = row.getArray(5);
    long elapsed = row.getLong(7);
    @Nullable Long elapsedMs = row.wasNull() ? null : elapsed;
    return new Vote(
        row.getObject(1, UUID.class),
        row.getObject(2, UUID.class),
        row.getBoolean(8) ? null : groups(row.getString(4)),
        List.of((UUID[]) order.getArray()),
        read(row.getString(6), new TypeReference<>() {}),
        elapsedMs,
        row.getBoolean(9),
        row.getObject(3, OffsetDateTime.class).toInstant());
  }

  private OrderedGroups<UUID> groups(String text) {
    return new OrderedGroups<>(read(text, new TypeReference<List<List<UUID>>>() {}));
  }

  private <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored ranking is not readable: " + text, e);
    }
  }
}

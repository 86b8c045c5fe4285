package org.laurel.ranking;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.laurel.database.Query;

/**
 * Keeps what a project's votes say until one of them changes: of a hundred thousand it takes
 * seconds to work out, and a page shows it at every view.
 */
@ApplicationScoped
class KnownFigures {

  /** The most rankings whose figures are worked out while a page waits. */
  static final long AT_ONCE = 5000;

  private static final String STATE =
      """
      with settled as (
        select count(*) as given, max(greatest(given_at, withdrawn_at)) as last
          from adjudication where project_id = ?)
      select count(*) filter (where withheld is null), coalesce(sum(version), 0), max(updated_at),
             count(withheld), max(withheld_at), (select given from settled), (select last from settled)
        from ranking where project_id = ?
      """;

  private static final String PAIRS =
      """
      select count(*), count(*) filter (where tie) from comparison where project_id = ?
      """;

  private final DataSource dataSource;
  private final Votes votes;
  private final Map<UUID, Known> known = new ConcurrentHashMap<>();
  private final Map<UUID, Object> working = new ConcurrentHashMap<>();

  /**
   * Figures of the rankings that there were in a state.
   *
   * @param comparisons pairs that follow from the rankings, imported ones included, or from the
   *     order by which a reviewer settled a task
   * @param ties pairs called equally good
   */
  record Known(State state, VoteFigures figures, long comparisons, long ties) {
    /** Of no rankings. */
    static final Known NOTHING =
        new Known(
            new State(0, 0, null, 0, null, 0, null),
            VoteFigures.of(Map.of(), Map.of(), Map.of(), Map.of()),
            0,
            0);
  }

  /**
   * Differs as soon as a ranking was given, changed, withheld, brought back or deleted, or a task
   * settled otherwise.
   */
  record State(
      long rankings,
      long versions,
      @Nullable OffsetDateTime last,
      long withheld,
      @Nullable OffsetDateTime lastWithheld,
      long adjudications,
      @Nullable OffsetDateTime lastAdjudicated) {
    private static State of(ResultSet row) throws SQLException {
      return new State(
          row.getLong(1),
          row.getLong(2),
          row.getObject(3, OffsetDateTime.class),
          row.getLong(4),
          row.getObject(5, OffsetDateTime.class),
          row.getLong(6),
          row.getObject(7, OffsetDateTime.class));
    }
  }

  private record Pairs(long comparisons, long ties) {}

  KnownFigures(DataSource dataSource, Votes votes) {
    this.dataSource = dataSource;
    this.votes = votes;
  }

  /** What the figures have to be of now. */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  State state(UUID projectId) {
    return Query.of(STATE, projectId, projectId).rows(dataSource, State::of).get(0);
  }

  /** The figures as of now. */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  Known of(UUID projectId) {
    // whoever asks meanwhile waits and finds them
    synchronized (working.computeIfAbsent(projectId, id -> new Object())) {
      // read first: a vote that comes in meanwhile makes the figures out of date, never wrong for
      // good
      State state = state(projectId);
      Known last = last(projectId);
      return last.state().equals(state) ? last : worked(projectId, state);
    }
  }

  /** The figures worked out last, whatever has come in since. */
  Known last(UUID projectId) {
    return known.getOrDefault(projectId, Known.NOTHING);
  }

  private Known worked(UUID projectId, State state) {
    Pairs pairs =
        Query.of(PAIRS, projectId)
            .rows(dataSource, row -> new Pairs(row.getLong(1), row.getLong(2)))
            .get(0);
    VoteFigures figures =
        VoteFigures.of(
            votes.byTask(projectId),
            votes.settled(projectId),
            votes.lengths(projectId),
            votes.models(projectId));
    Known worked = new Known(state, figures, pairs.comparisons(), pairs.ties());
    known.put(projectId, worked);
    return worked;
  }
}

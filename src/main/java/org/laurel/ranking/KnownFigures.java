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

  private static final String STATE =
      """
      select count(*), sum(version), max(updated_at) from ranking where project_id = ?
      """;

  private final DataSource dataSource;
  private final Votes votes;
  private final Map<UUID, Known> known = new ConcurrentHashMap<>();

  private record Known(State state, VoteFigures figures) {}

  /** Differs as soon as a ranking was given, changed or deleted. */
  private record State(long rankings, long versions, @Nullable OffsetDateTime last) {
    static State of(ResultSet row) throws SQLException {
      return new State(row.getLong(1), row.getLong(2), row.getObject(3, OffsetDateTime.class));
    }
  }

  KnownFigures(DataSource dataSource, Votes votes) {
    this.dataSource = dataSource;
    this.votes = votes;
  }

  /** The figures as of now. */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  VoteFigures of(UUID projectId) {
    // read first: a vote that comes in meanwhile makes the figures out of date, never wrong for
    // good
    State state = Query.of(STATE, projectId).rows(dataSource, State::of).get(0);
    Known last = known.get(projectId);
    if (last != null && last.state.equals(state)) {
      return last.figures;
    }
    VoteFigures figures =
        VoteFigures.of(votes.byTask(projectId).values(), votes.lengths(projectId));
    known.put(projectId, new Known(state, figures));
    return figures;
  }
}

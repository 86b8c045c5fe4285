package org.laurel.project;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.laurel.database.Query;

/** In which projects accounts work by name, and when they were last there. */
@ApplicationScoped
class Whereabouts {
  /** Of the account {@code a}; null for never. */
  static final String LAST_SEEN =
      """
      greatest((select max(last_seen_at) from web_session where account_id = a.id),
               (select max(last_used_at) from api_token where account_id = a.id),
               (select max(at) from audit_event where account_id = a.id))
      """;

  private final DataSource database;

  @Inject
  Whereabouts(DataSource database) {
    this.database = database;
  }

  /** A project that somebody was let into. */
  public record Place(UUID id, String name) {}

  private record Stay(UUID account, Place place) {}

  private record Seen(UUID account, Instant at) {}

  /** The projects that each was let into, by name; archived ones left out. */
  Map<UUID, List<Place>> projects(Collection<UUID> accounts) {
    return Query.of(
            "select m.account_id, p.id, p.name from project_member m"
                + " join project p on p.id = m.project_id"
                + " where p.archived_at is null and m.account_id = any(?) order by p.name",
            (Object) accounts.toArray(UUID[]::new))
        .rows(
            database,
            row ->
                new Stay(
                    row.getObject("account_id", UUID.class),
                    new Place(row.getObject("id", UUID.class), row.getString("name"))))
        .stream()
        .collect(
            Collectors.groupingBy(
                Stay::account, Collectors.mapping(Stay::place, Collectors.toList())));
  }

  /** Those who were never there are left out. */
  Map<UUID, Instant> lastSeen(Collection<UUID> accounts) {
    Map<UUID, Instant> seen = new HashMap<>();
    Query.of(
            "select id, at from (select a.id, "
                + LAST_SEEN
                + " as at from account a where a.id = any(?)) seen where at is not null",
            (Object) accounts.toArray(UUID[]::new))
        .rows(
            database,
            row ->
                new Seen(
                    row.getObject("id", UUID.class),
                    row.getObject("at", OffsetDateTime.class).toInstant()))
        .forEach(one -> seen.put(one.account(), one.at()));
    return seen;
  }
}

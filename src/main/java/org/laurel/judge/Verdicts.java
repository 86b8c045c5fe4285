package org.laurel.judge;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.jspecify.annotations.Nullable;
import org.laurel.database.Query;
import org.laurel.tokenizer.Message;

/** What judges said, in the database. By plain JDBC: rows are many and never change. */
@ApplicationScoped
class Verdicts {
  private final DataSource database;
  private final ObjectMapper json;

  @Inject
  Verdicts(DataSource database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /**
   * A verdict as it is kept.
   *
   * @param ranking the people's ranking that it was held against
   * @param adjudication the reviewer's order that it was held against; a vote has neither
   * @param chosenByPeople what that ranking or order chose; null: a vote
   * @param forward what was said with the first completion shown as A
   * @param backward what was said with the second completion shown as A
   * @param margin log odds in favour of the first, the mean of both orders
   * @param outcome first, second, tie (the orders disagree) or unreadable
   */
  public record Stored(
      UUID id,
      UUID prompt,
      UUID task,
      UUID first,
      UUID second,
      @Nullable UUID ranking,
      @Nullable UUID adjudication,
      @Nullable UUID chosenByPeople,
      @JsonRawValue String forward,
      @JsonRawValue String backward,
      @Nullable Double margin,
      String outcome,
      Instant at) {}

  /** Pairs that a judging has dealt with for its calibration, as first and second completion. */
  Set<List<UUID>> calibrated(UUID judging) {
    return Set.copyOf(
        Query.of(
                "select first_id, second_id from judge_verdict"
                    + " where judging_id = ? and chosen_id is not null",
                judging)
            .rows(
                database,
                row -> List.of(row.getObject(1, UUID.class), row.getObject(2, UUID.class))));
  }

  /** What is shown to the judge: the conversation and the two texts. */
  record Texts(List<Message> conversation, String first, String second) {}

  Texts texts(Pair pair) {
    return Query.of(
            """
            select p.messages::text, a.text, b.text from prompt p, completion a, completion b
             where p.id = ? and a.id = ? and b.id = ?
            """,
            pair.prompt(),
            pair.first(),
            pair.second())
        .rows(
            database,
            row ->
                new Texts(
                    List.of(read(row.getString(1), Message[].class)),
                    row.getString(2),
                    row.getString(3)))
        .stream()
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("a completion of task " + pair.task() + " is gone"));
  }

  /** Keeps a verdict and counts its pair as dealt with, both or neither. */
  void store(UUID judging, Pair pair, Verdict verdict) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                with stored as (
                  insert into judge_verdict (id, judging_id, prompt_id, task_id, first_id, second_id,
                      ranking_id, adjudication_id, chosen_id, forward, backward, margin, outcome)
                  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)
                  on conflict do nothing returning judging_id)
                update judging set done = done + 1 where id in (select judging_id from stored)
                """)) {
      Object[] values = {
        UuidVersion7Strategy.INSTANCE.generateUuid(null),
        judging,
        pair.prompt(),
        pair.task(),
        pair.first(),
        pair.second(),
        pair.ranking(),
        pair.adjudication(),
        pair.chosen(),
        write(verdict.forward()),
        write(verdict.backward())
      };
      for (int i = 0; i < values.length; i++) {
        if (values[i] == null) {
          insert.setNull(i + 1, Types.OTHER);
        } else {
          insert.setObject(i + 1, values[i]);
        }
      }
      Double margin = verdict.margin();
      if (margin == null) {
        insert.setNull(12, Types.DOUBLE);
      } else {
        insert.setDouble(12, margin);
      }
      insert.setString(13, verdict.outcome().key());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("a verdict cannot be stored", e);
    }
  }

  /** The pairs of people that a judging has dealt with. */
  List<Calibration.Judged> calibrating(UUID judging) {
    return Query.of(
            """
            select prompt_id, forward::text, backward::text, chosen_id = first_id
              from judge_verdict where judging_id = ? and chosen_id is not null order by id
            """,
            judging)
        .rows(
            database,
            row ->
                new Calibration.Judged(
                    row.getObject(1, UUID.class),
                    new Verdict(
                        read(row.getString(2), Answer.class), read(row.getString(3), Answer.class)),
                    row.getBoolean(4)));
  }

  /** How many there are, and how many of them could not be read. */
  long[] counts(UUID judging) {
    return Query.of(
            "select count(*), count(*) filter (where outcome = 'unreadable')"
                + " from judge_verdict where judging_id = ?",
            judging)
        .rows(database, row -> new long[] {row.getLong(1), row.getLong(2)})
        .get(0);
  }

  boolean has(UUID judging, UUID verdict) {
    return !Query.of(
            "select 1 from judge_verdict where judging_id = ? and id = ?", judging, verdict)
        .rows(database, row -> row.getInt(1))
        .isEmpty();
  }

  List<Stored> page(UUID judging, UUID after, int limit) {
    return Query.of(
            """
            select id, prompt_id, task_id, first_id, second_id, ranking_id, adjudication_id, chosen_id,
                   forward::text, backward::text, margin, outcome, created_at
              from judge_verdict where judging_id = ? and id > ? order by id limit ?
            """,
            judging,
            after,
            limit)
        .rows(database, Verdicts::stored);
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getObject(1, UUID.class),
        row.getObject(2, UUID.class),
        row.getObject(3, UUID.class),
        row.getObject(4, UUID.class),
        row.getObject(5, UUID.class),
        row.getObject(6, UUID.class),
        row.getObject(7, UUID.class),
        row.getObject(8, UUID.class),
        row.getString(9),
        row.getString(10),
        row.getObject(11, Double.class),
        row.getString(12),
        row.getObject(13, OffsetDateTime.class).toInstant());
  }

  private <T> T read(String text, Class<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored verdict is not readable: " + text, e);
    }
  }

  private String write(Answer answer) {
    try {
      return json.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + answer, e);
    }
  }
}

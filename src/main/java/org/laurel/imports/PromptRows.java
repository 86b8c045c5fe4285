package org.laurel.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.jspecify.annotations.Nullable;
import org.laurel.prompt.Conversation;

/** Writes prompts in batches; the database keeps each conversation once in a project. */
final class PromptRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;
  private final UUID project;
  private final @Nullable UUID author;
  private final String origin;

  PromptRows(Connection connection, UUID project, @Nullable UUID author, String origin) {
    this.connection = connection;
    this.project = project;
    this.author = author;
    this.origin = origin;
  }

  /** How many were new, or retired until now. */
  int insert(List<NewPrompt> prompts) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into prompt (id, project_id, messages, text, language, metadata, content_hash, origin, created_by)"
                + " values (?, ?, ?::jsonb, ?, ?, ?::jsonb, ?, ?, ?)"
                // a retired one that is given again is wanted again
                + " on conflict on constraint prompt_content do update set retired_at = null"
                + " where prompt.retired_at is not null")) {
      for (NewPrompt prompt : prompts) {
        insert.setObject(1, newId());
        insert.setObject(2, project);
        insert.setString(3, json(prompt.messages()));
        insert.setString(4, Conversation.text(prompt.messages()));
        insert.setString(5, prompt.language());
        insert.setString(6, json(prompt.metadata()));
        insert.setBytes(7, Conversation.hash(prompt.messages()));
        insert.setString(8, origin);
        insert.setObject(9, author);
        insert.addBatch();
      }
      return inserted(insert.executeBatch());
    }
  }

  /** The prompts' ids, new or known, in their order. */
  List<UUID> ids(List<NewPrompt> prompts) throws SQLException {
    insert(prompts);
    byte[][] hashes =
        prompts.stream().map(p -> Conversation.hash(p.messages())).toArray(byte[][]::new);
    Map<String, UUID> known = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select id, content_hash from prompt where project_id = ? and content_hash = any (?)")) {
      select.setObject(1, project);
      select.setArray(2, connection.createArrayOf("bytea", hashes));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          known.put(HexFormat.of().formatHex(row.getBytes(2)), row.getObject(1, UUID.class));
        }
      }
    }
    List<UUID> ids = new ArrayList<>();
    for (byte[] hash : hashes) {
      UUID id = known.get(HexFormat.of().formatHex(hash));
      if (id == null) {
        throw new SQLException("a prompt was deleted while it was imported");
      }
      ids.add(id);
    }
    return ids;
  }

  /** Version 7, so that the order of ids is the order of the file. */
  static UUID newId() {
    return UuidVersion7Strategy.INSTANCE.generateUuid(null);
  }

  /** As the driver takes it. */
  static @Nullable OffsetDateTime time(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  static int inserted(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += Math.max(count, 0);
    }
    return sum;
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + value, e);
    }
  }
}

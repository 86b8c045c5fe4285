package org.laurel.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.laurel.imports.Particulars.Writing;

/** Writes the completions of imported tasks, all at once. */
final class CompletionBatch implements AutoCloseable {
  private final PreparedStatement completion;
  private final PreparedStatement member;

  CompletionBatch(Connection connection) throws SQLException {
    completion =
        connection.prepareStatement(
            "insert into completion (id, prompt_id, text, origin, source_policy, parameters,"
                + " seed, logprob, prompt_tokens, completion_tokens, finish_reason, metadata)"
                + " values (?, ?, ?, 'import', ?, ?::jsonb, ?, ?, ?, ?, ?, ?::jsonb)");
    member =
        connection.prepareStatement(
            "insert into task_completion (task_id, completion_id) values (?, ?)");
  }

  /**
   * @param writings by the place of the text
   * @return ids in the order of the texts, random, so that they tell an annotator nothing
   */
  List<UUID> add(UUID task, UUID prompt, List<String> texts, IntFunction<Writing> writings)
      throws SQLException {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      UUID id = UUID.randomUUID();
      Writing writing = writings.apply(i);
      completion.setObject(1, id);
      completion.setObject(2, prompt);
      completion.setString(3, texts.get(i));
      completion.setString(4, writing.policy());
      completion.setString(5, PromptRows.json(writing.parameters()));
      completion.setObject(6, writing.seed(), Types.BIGINT);
      completion.setObject(7, writing.logprob(), Types.DOUBLE);
      completion.setObject(8, writing.promptTokens(), Types.INTEGER);
      completion.setObject(9, writing.completionTokens(), Types.INTEGER);
      completion.setString(10, writing.finishReason());
      completion.setString(11, PromptRows.json(writing.metadata()));
      completion.addBatch();
      member.setObject(1, task);
      member.setObject(2, id);
      member.addBatch();
      ids.add(id);
    }
    return ids;
  }

  void write() throws SQLException {
    completion.executeBatch();
    member.executeBatch();
  }

  @Override
  public void close() throws SQLException {
    try (completion;
        member) {
      // both, whatever the first says
    }
  }
}

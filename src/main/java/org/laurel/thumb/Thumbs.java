package org.laurel.thumb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.hibernate.id.uuid.UuidVersion7Strategy;
import org.jspecify.annotations.Nullable;
import org.laurel.prompt.Conversation;
import org.laurel.tokenizer.Message;

/** Keeps thumbs of people: one that changed is withdrawn and another put in its place. */
@ApplicationScoped
class Thumbs {
  private final EntityManager database;
  private final ObjectMapper json;

  @Inject
  Thumbs(EntityManager database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /**
   * @param up null for none
   */
  void put(
      UUID project,
      UUID author,
      List<Message> conversation,
      String text,
      @Nullable Boolean up,
      Optional<UUID> policy) {
    UUID prompt = prompt(project, author, conversation);
    byte[] hash = DigestUtils.sha256(text);
    database
        .createNativeQuery(
            """
            update thumb set withdrawn_at = now()
             where prompt_id = :prompt and content_hash = :hash
               and coalesce(source_author_id, author_id) = :author
               and withdrawn_at is null and up is distinct from cast(:up as boolean)
            """)
        .setParameter("prompt", prompt)
        .setParameter("hash", hash)
        .setParameter("author", author)
        .setParameter("up", up)
        .executeUpdate();
    if (up != null) {
      database
          .createNativeQuery(
              """
              insert into thumb (id, prompt_id, text, content_hash, up, author_id, origin, policy_id)
              values (:id, :prompt, :text, :hash, :up, :author, 'playground', cast(:policy as uuid))
              on conflict do nothing
              """)
          .setParameter("id", newId())
          .setParameter("prompt", prompt)
          .setParameter("text", text)
          .setParameter("hash", hash)
          .setParameter("up", up)
          .setParameter("author", author)
          .setParameter("policy", policy.map(UUID::toString).orElse(null))
          .executeUpdate();
    }
  }

  /**
   * The project's prompt of that conversation; made if it is new. Locked, so that two clicks of one
   * person come one after the other.
   */
  private UUID prompt(UUID project, UUID author, List<Message> conversation) {
    byte[] hash = Conversation.hash(conversation);
    database
        .createNativeQuery(
            """
            insert into prompt (id, project_id, messages, text, content_hash, origin, created_by)
            values (:id, :project, cast(:messages as jsonb), :text, :hash, 'playground', :author)
            on conflict do nothing
            """)
        .setParameter("id", newId())
        .setParameter("project", project)
        .setParameter("messages", written(conversation))
        .setParameter("text", Conversation.text(conversation))
        .setParameter("hash", hash)
        .setParameter("author", author)
        .executeUpdate();
    return (UUID)
        database
            .createNativeQuery(
                "select id from prompt where project_id = :project and content_hash = :hash"
                    + " for no key update",
                UUID.class)
            .setParameter("project", project)
            .setParameter("hash", hash)
            .getSingleResult();
  }

  private String written(List<Message> conversation) {
    try {
      return json.writeValueAsString(conversation);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + conversation, e);
    }
  }

  private static UUID newId() {
    return UuidVersion7Strategy.INSTANCE.generateUuid(null);
  }
}

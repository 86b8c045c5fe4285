package org.laurel.prompt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.laurel.tokenizer.Message;
import org.laurel.web.StorableText;

/** The turns of a prompt: what is allowed, and what makes two of them the same. */
public final class Conversation {
  /** UTF-8 bytes of all turns together; far beyond what a policy of ours can read. */
  public static final int LONGEST = 64 * 1024;

  private static final Set<String> ROLES = Set.of("system", "user", "assistant");

  private Conversation() {}

  /** Whether a turn may be of that role. */
  public static boolean isRole(String role) {
    return ROLES.contains(role);
  }

  /**
   * What is wrong with the turns, as a sentence that goes on from "the prompt"; empty if nothing
   * is.
   */
  public static Optional<String> fault(List<Message> messages) {
    if (messages.isEmpty()) {
      return Optional.of("has no messages");
    }
    long bytes = 0;
    for (Message message : messages) {
      if (!isRole(message.role())) {
        return Optional.of("has a message whose role is none of system, user, assistant");
      }
      if (message.content() == null || message.content().isBlank()) {
        return Optional.of("is empty or has an empty message");
      }
      Optional<String> fault = textFault(message.content());
      if (fault.isPresent()) {
        return fault;
      }
      bytes += message.content().getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > LONGEST) {
      return Optional.of("has %d bytes; at most %d are taken".formatted(bytes, LONGEST));
    }
    if (!messages.get(messages.size() - 1).role().equals("user")) {
      return Optional.of("must end with a user's message");
    }
    return Optional.empty();
  }

  /** What PostgreSQL could not store. */
  public static Optional<String> textFault(String text) {
    return StorableText.fault(text).map(fault -> "contains " + fault);
  }

  /**
   * SHA-256 over role and content of every turn, each preceded by its length in bytes, so that no
   * two conversations write the same bytes.
   */
  public static byte[] hash(List<Message> messages) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    for (Message message : messages) {
      add(digest, message.role());
      add(digest, message.content());
    }
    return digest.digest();
  }

  /** The last user's turn. */
  public static String text(List<Message> messages) {
    return messages.get(messages.size() - 1).content();
  }

  /** Hashes a text, preceded by its length in bytes, into what {@code digest} has so far. */
  public static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}

package org.laurel.instant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.laurel.engine.run.Conversations;
import org.laurel.onnx.MiniLm;
import org.laurel.serving.EncoderScorer;
import org.laurel.serving.SentenceEncoder;
import org.laurel.tokenizer.Message;

/**
 * Completions as the frozen encoder reads them. Each is read once and remembered; of too many, the
 * ones that were longest unasked are forgotten.
 */
@ApplicationScoped
class Readings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int READ_AT_ONCE = 16;

  /** Some 60 MB of vectors. */
  private static final int MOST = 40_000;

  /**
   * @param vector of length 1
   * @param length characters
   */
  @SuppressWarnings("ArrayRecordComponent") // only ever read
  record Reading(float[] vector, int length) {}

  private final EntityManager database;
  private final Path home;
  private final Map<UUID, Reading> known =
      new LinkedHashMap<>(1024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Reading> eldest) {
          return size() > MOST;
        }
      };
  private @Nullable SentenceEncoder encoder;

  @Inject
  Readings(EntityManager database, @ConfigProperty(name = "laurel.home") Path home) {
    this.database = database;
    this.home = home.toAbsolutePath();
  }

  /**
   * Reads what was not read before; may take a hundredth of a second for each.
   *
   * @param progress hears after each batch how many of them are known
   * @param goOn asked before each batch; what is read by then is remembered
   * @return by completion; some lack where it was not to go on, or where they no longer exist
   * @throws IOException if the encoder cannot be opened
   */
  synchronized Map<UUID, Reading> of(
      Collection<UUID> completions, IntConsumer progress, BooleanSupplier goOn) throws IOException {
    Map<UUID, Reading> found = new HashMap<>();
    List<UUID> missing = new ArrayList<>();
    for (UUID id : completions) {
      Reading one = known.get(id);
      if (one == null) {
        missing.add(id);
      } else {
        found.put(id, one);
      }
    }
    for (int from = 0; from < missing.size() && goOn.getAsBoolean(); from += READ_AT_ONCE) {
      progress.accept(completions.size() - missing.size() + from);
      found.putAll(read(missing.subList(from, Math.min(missing.size(), from + READ_AT_ONCE))));
    }
    return found;
  }

  private Map<UUID, Reading> read(List<UUID> ids) throws IOException {
    SentenceEncoder reading = encoder;
    if (reading == null) {
      reading = SentenceEncoder.open(MiniLm.in(home.resolve("backbones")));
      encoder = reading;
    }
    List<?> rows = QuarkusTransaction.requiringNew().call(() -> texts(ids));
    List<EncoderScorer.Item> items = new ArrayList<>();
    for (Object row : rows) {
      Object[] c = (Object[]) row;
      items.add(new EncoderScorer.Item(messages((String) c[1]), (String) c[2]));
    }
    List<float[]> vectors = reading.embed(items);
    Map<UUID, Reading> read = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      UUID id = (UUID) ((Object[]) rows.get(i))[0];
      read.put(id, new Reading(unit(vectors.get(i)), items.get(i).completion().length()));
    }
    known.putAll(read);
    return read;
  }

  private List<?> texts(List<UUID> ids) {
    return database
        .createNativeQuery(
            """
            select c.id, p.messages::text, c.text from completion c
              join prompt p on p.id = c.prompt_id where c.id in (:ids)
            """,
            Object[].class)
        .setParameter("ids", ids)
        .getResultList();
  }

  /** A prompt's conversation as it is stored. */
  static List<Message> messages(String json) throws JsonProcessingException {
    return Conversations.parse(JSON.readTree(json));
  }

  private static float[] unit(float[] vector) {
    double square = 0;
    for (float v : vector) {
      square += v * v;
    }
    float scale = square == 0 ? 0 : (float) (1 / Math.sqrt(square));
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = vector[i] * scale;
    }
    return unit;
  }
}

package org.laurel.instant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.laurel.instant.InstantFit.Read;
import org.laurel.onnx.MiniLm;
import org.laurel.serving.EncoderScorer;
import org.laurel.serving.SentenceEncoder;
import org.laurel.tokenizer.Message;

/**
 * Keeps an instant fit of every project that somebody looks at. Completions are read once, one
 * project after the other, in the background; a fit is made again when its comparisons have
 * changed.
 */
@ApplicationScoped
class InstantFits {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int READ_AT_ONCE = 16;

  /** Some 60 MB of vectors; beyond it all are forgotten and read again. */
  private static final int MOST_READ = 40_000;

  private final EntityManager database;
  private final Path home;
  private final Map<UUID, Read> read = new ConcurrentHashMap<>();
  private final Map<UUID, State> states = new ConcurrentHashMap<>();
  private final Set<UUID> asked = ConcurrentHashMap.newKeySet();
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(work -> daemon(new Thread(work, "instant-fit")));
  private @Nullable SentenceEncoder encoder;

  @Inject
  InstantFits(EntityManager database, @ConfigProperty(name = "laurel.home") Path home) {
    this.database = database;
    this.home = home.toAbsolutePath();
  }

  private static Thread daemon(Thread thread) {
    thread.setDaemon(true);
    return thread;
  }

  /**
   * How far a project's fit is.
   *
   * @param choices that the fit rests on, or will
   * @param read completions read so far, of {@code toRead}
   * @param fit of those choices; null until they are read
   */
  record State(List<Choice> choices, int read, int toRead, @Nullable InstantFit fit) {}

  /** The newest fit; has it made, or made again, where the comparisons have changed. */
  State of(UUID project) {
    List<Choice> choices = Choice.of(database, project);
    State known = states.get(project);
    boolean current = known != null && known.fit() != null && known.choices().equals(choices);
    if (!current && !choices.isEmpty() && asked.add(project)) {
      reader.execute(() -> make(project, choices));
    }
    return known == null ? new State(choices, 0, completions(choices).size(), null) : known;
  }

  private static Set<UUID> completions(List<Choice> choices) {
    Set<UUID> completions = new LinkedHashSet<>();
    choices.forEach(choice -> completions.addAll(List.of(choice.chosen(), choice.rejected())));
    return completions;
  }

  private void make(UUID project, List<Choice> choices) {
    try {
      if (read.size() > MOST_READ) {
        read.clear();
      }
      Set<UUID> completions = completions(choices);
      List<UUID> missing = completions.stream().filter(id -> !read.containsKey(id)).toList();
      State known = states.get(project);
      InstantFit before = known == null ? null : known.fit();
      for (int from = 0; from < missing.size(); from += READ_AT_ONCE) {
        if (Thread.currentThread().isInterrupted()) {
          return; // the server stops
        }
        states.put(
            project,
            new State(
                choices, completions.size() - missing.size() + from, completions.size(), before));
        read(missing.subList(from, Math.min(missing.size(), from + READ_AT_ONCE)));
      }
      Map<UUID, Read> own = new HashMap<>();
      completions.forEach(id -> own.put(id, read.getOrDefault(id, new Read(new float[0], 0))));
      InstantFit fit = InstantFit.of(choices, own);
      states.put(project, new State(choices, completions.size(), completions.size(), fit));
    } catch (IOException | RuntimeException e) {
      Log.errorf(e, "The instant fit of project %s could not be made", project);
    } finally {
      asked.remove(project);
    }
  }

  private void read(List<UUID> ids) throws IOException {
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
    for (int i = 0; i < rows.size(); i++) {
      UUID id = (UUID) ((Object[]) rows.get(i))[0];
      read.put(id, new Read(unit(vectors.get(i)), items.get(i).completion().length()));
    }
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

  private static List<Message> messages(String json) throws JsonProcessingException {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : JSON.readTree(json)) {
      messages.add(new Message(message.path("role").asText(), message.path("content").asText()));
    }
    return messages;
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

  /** Waits for the batch that is being read: the runtime must not be gone beneath it. */
  @PreDestroy
  void close() throws InterruptedException {
    reader.shutdownNow();
    reader.awaitTermination(10, TimeUnit.SECONDS);
  }
}

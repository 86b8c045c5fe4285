package org.laurel.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A hub on this machine that has one model, {@code laurel/tiny}, and a store on another port to
 * which it redirects for weights, as the real one does. Can be told to misbehave.
 */
public final class LocalHub implements AutoCloseable {
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** What was asked: the path, the Range header and the Authorization header, or "-". */
  public record Asked(String place, String path, String range, String authorization) {}

  private final HttpServer hub = server("hub");
  private final HttpServer store = server("store");
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile @Nullable String wrongChecksumOf;
  private volatile @Nullable String noChecksumOf;
  private volatile boolean ignoresRanges;
  private volatile int tooMuch;
  private volatile int status = 200;
  private volatile String errorCode = "";
  private final AtomicInteger breaks = new AtomicInteger();
  private volatile int breakAfter;
  private volatile int pauseMillis;

  public URI address() {
    return URI.create("http://localhost:" + hub.getAddress().getPort());
  }

  public List<Asked> asked() {
    return asked;
  }

  public void put(String name, byte[] content) {
    files.put(name, content);
  }

  /** Every file of a model directory. */
  public void putAll(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
  }

  /** Answers everything with this. */
  public void refuse(int with, String code) {
    status = with;
    errorCode = code;
  }

  /** Ends the next connections for weights after so many bytes. */
  public void breakConnections(int times, int bytes) {
    breaks.set(times);
    breakAfter = bytes;
  }

  /** Between every few kilobytes of weights. */
  public void pause(int millis) {
    pauseMillis = millis;
  }

  public void lieAbout(@Nullable String file) {
    wrongChecksumOf = file;
  }

  /** Lists the file without any checksum. */
  public void saysNoChecksumOf(String file) {
    noChecksumOf = file;
  }

  /** Answers a request for a part with the whole, and calls it a part. */
  public void ignoreRanges() {
    ignoresRanges = true;
  }

  /** Sends so many bytes more of weights than it lists. */
  public void sendTooMuch(int bytes) {
    tooMuch = bytes;
  }

  private HttpServer server(String place) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newCachedThreadPool());
      server.createContext("/", exchange -> answer(place, exchange));
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(String place, HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(new Asked(place, path, header(exchange, "Range"), header(exchange, "Authorization")));
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (status != 200) {
      exchange.getResponseHeaders().add("X-Error-Code", errorCode);
      send(exchange, status, new byte[0]);
    } else if (path.startsWith("/api/models/laurel/tiny/revision/")) {
      send(exchange, 200, list().getBytes(StandardCharsets.UTF_8));
    } else if (!path.startsWith("/laurel/tiny/resolve/" + COMMIT) || !files.containsKey(name)) {
      send(exchange, 404, new byte[0]);
    } else if (place.equals("hub") && isLarge(name)) {
      exchange
          .getResponseHeaders()
          .add("Location", "http://localhost:" + store.getAddress().getPort() + path);
      send(exchange, 302, new byte[0]);
    } else {
      sendFile(exchange, files.get(name), isLarge(name));
    }
    exchange.close();
  }

  private void sendFile(HttpExchange exchange, byte[] content, boolean large) throws IOException {
    String range = header(exchange, "Range");
    int from = 0;
    boolean part = range.startsWith("bytes=");
    if (part && ignoresRanges) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes 0-%d/%d".formatted(content.length - 1, content.length));
    } else if (part) {
      from = Integer.parseInt(range.substring(6, range.length() - 1));
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    byte[] more = new byte[large ? tooMuch : 0];
    exchange.sendResponseHeaders(part ? 206 : 200, content.length - from + more.length);
    int end = content.length;
    if (large && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      end = Math.min(end, from + breakAfter);
    }
    for (int at = from; at < end; at += 4096) {
      exchange.getResponseBody().write(content, at, Math.min(4096, end - at));
      if (large && pauseMillis > 0) {
        exchange.getResponseBody().flush();
        try {
          Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
    exchange.getResponseBody().write(more);
  }

  private String list() throws IOException {
    List<String> siblings = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path copy = Files.createTempFile("local-hub", null);
      Files.write(copy, file.getValue());
      String sha256 = Checksum.sha256(copy);
      String blob = Checksum.gitBlob(copy);
      Files.delete(copy);
      if (file.getKey().equals(wrongChecksumOf)) {
        sha256 = sha256.replace(sha256.charAt(0), sha256.charAt(0) == '0' ? '1' : '0');
        blob = blob.replace(blob.charAt(0), blob.charAt(0) == '0' ? '1' : '0');
      }
      if (file.getKey().equals(noChecksumOf)) {
        sha256 = "";
        blob = "";
      }
      String lfs =
          isLarge(file.getKey())
              ? ", \"lfs\": {\"sha256\": \"%s\", \"size\": %d, \"pointerSize\": 134}"
                  .formatted(sha256, file.getValue().length)
              : "";
      siblings.add(
          "{\"rfilename\": \"%s\", \"size\": %d, \"blobId\": \"%s\"%s}"
              .formatted(file.getKey(), file.getValue().length, blob, lfs));
    }
    return "{\"id\": \"laurel/tiny\", \"sha\": \"%s\", \"siblings\": [%s]}"
        .formatted(COMMIT, String.join(", ", siblings));
  }

  private static boolean isLarge(String name) {
    return name.endsWith(".safetensors");
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "-" : value;
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
  }
}

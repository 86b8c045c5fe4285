package org.laurel.cli;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.laurel.account.sso.OpenIdSettings;
import org.laurel.onnx.WeightPrecision;

/**
 * What the environment and the system's properties say to a server, read as the web application
 * reads it, but before anything starts: so that one line names the variable that is wrong.
 */
final class Settings {
  private static final int DEFAULT_PORT = 8080;
  private static final int LAST_PORT = 65_535;
  private static final Set<String> BOOLEANS =
      Set.of("true", "false", "yes", "no", "y", "n", "on", "off", "1", "0");

  private final Config config;

  Settings(Config config) {
    this.config = config;
  }

  static Settings ofEnvironment() {
    return new Settings(new SmallRyeConfigBuilder().addSystemSources().build());
  }

  /**
   * @throws IllegalArgumentException naming the variable that cannot be read or lacks another
   */
  void check() {
    number("laurel.port", 0, LAST_PORT);
    databasePort();
    List.of("laurel.demo", "laurel.proxy")
        .forEach(name -> read(name, "true or false", Settings::bool));
    List.of("laurel.training.heap", "laurel.training.memory", "laurel.models.max-size")
        .forEach(name -> read(name, "a size like 12g", new MemorySizeConverter()::convert));
    List.of("laurel.training.at-once", "laurel.training.threads", "laurel.training.deaths")
        .forEach(name -> number(name, 1, Integer.MAX_VALUE));
    number("laurel.serving.idle-policies", 0, Integer.MAX_VALUE);
    read("laurel.serving.precision", "float32 or int8", WeightPrecision::of);
    List.of("laurel.judge.timeout", "laurel.judge.pause")
        .forEach(name -> read(name, "a time like 30s", DurationConverter::parseDuration));
    read(
        "laurel.judge.endpoint",
        "an address like https://api.example.org/v1",
        said -> web(URI.create(said)));
    OpenIdSettings.of(config);
    read("hf.endpoint", "an address like https://huggingface.co", said -> web(URI.create(said)));
  }

  /**
   * Whether the web application will get its port.
   *
   * @throws IOException naming the port, and what speaks against it
   */
  void requirePort() throws IOException {
    // Quarkus' own settings go before Laurel's.
    int port =
        number("quarkus.http.port", 0, LAST_PORT)
            .or(() -> number("laurel.port", 0, LAST_PORT))
            .orElse(DEFAULT_PORT);
    String host = text("quarkus.http.host").orElse("0.0.0.0");
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on port %d (%s); another one can be named by LAUREL_PORT"
              .formatted(port, e.getMessage()),
          e);
    }
  }

  /** LAUREL_DB_PORT. */
  Optional<Integer> databasePort() {
    return number("laurel.db.port", 1, LAST_PORT);
  }

  /** What is said, as it is; nothing where that is white space alone. */
  Optional<String> text(String name) {
    return config.getOptionalValue(name, String.class).filter(said -> !said.isBlank());
  }

  private Optional<Integer> number(String name, int least, int most) {
    String expected =
        most == Integer.MAX_VALUE
            ? "a number from " + least
            : "a number from %d to %d".formatted(least, most);
    return read(
        name,
        expected,
        said -> {
          int number = Integer.parseInt(said);
          require(number >= least && number <= most);
          return number;
        });
  }

  private <T> Optional<T> read(String name, String expected, Function<String, T> reader) {
    return text(name)
        .map(
            said -> {
              try {
                return reader.apply(said.strip());
              } catch (RuntimeException e) { // each reader has exceptions of its own
                throw new IllegalArgumentException(
                    "%s must be %s, not '%s'".formatted(variable(name), expected, said), e);
              }
            });
  }

  private static boolean bool(String said) {
    require(BOOLEANS.contains(said.toLowerCase(Locale.ROOT)));
    return true;
  }

  private static URI web(URI address) {
    require(address.getHost() != null && String.valueOf(address.getScheme()).startsWith("http"));
    return address;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }

  /** How the environment spells a property. */
  private static String variable(String property) {
    return property.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}

package org.laurel.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
  private static final HubModel TINY = HubModel.of("laurel/tiny", null);
  private static final byte[] WEIGHTS = new byte[100_000];

  @TempDir Path folder;
  private final LocalHub server = new LocalHub();
  private final Hub hub = hub("secret-token");

  @BeforeEach
  void files() {
    new Random(1).nextBytes(WEIGHTS);
    server.put("config.json", "{\"model_type\": \"llama\"}".getBytes());
    server.put("model.safetensors", WEIGHTS);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRevisionTellsItsCommitAndFiles() throws Exception {
    HubRevision revision = hub.revision(TINY);
    assertThat(revision.commit()).isEqualTo(LocalHub.COMMIT);
    assertThat(revision.files())
        .extracting(HubFile::name)
        .containsExactly("config.json", "model.safetensors");
    assertThat(revision.files().get(0).gitBlob()).hasSize(40);
    assertThat(revision.files().get(1).sha256()).hasSize(64);
  }

  @Test
  void theTokenStaysWithItsHost() throws Exception {
    fetch("model.safetensors");
    assertThat(server.asked())
        .extracting(LocalHub.Asked::place, LocalHub.Asked::authorization)
        .containsExactly(
            Tuple.tuple("hub", "Bearer secret-token"),
            Tuple.tuple("hub", "Bearer secret-token"),
            Tuple.tuple("store", "-"));
  }

  @Test
  void aBrokenConnectionGoesOnWhereItBroke() throws Exception {
    server.breakConnections(3, 30_000);
    Path file = fetch("model.safetensors");
    assertThat(Files.readAllBytes(file)).isEqualTo(WEIGHTS);
    assertThat(server.asked())
        .filteredOn(asked -> asked.place().equals("store"))
        .extracting(LocalHub.Asked::range)
        .containsExactly("-", "bytes=30000-", "bytes=60000-", "bytes=90000-");
  }

  @Test
  void whatIsHereIsNotFetchedAgain() throws Exception {
    Files.write(folder.resolve("model.safetensors"), Arrays.copyOf(WEIGHTS, 70_000));
    Path file = fetch("model.safetensors");
    assertThat(Files.readAllBytes(file)).isEqualTo(WEIGHTS);
    assertThat(server.asked()).extracting(LocalHub.Asked::range).endsWith("bytes=70000-");
  }

  @Test
  void aConnectionThatBringsNothingIsGivenUp() {
    server.breakConnections(1000, 0);
    assertThatThrownBy(() -> fetch("model.safetensors"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("broke 5 times");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json"})
  void aWrongChecksumIsRefused(String name) {
    server.lieAbout(name);
    assertThatThrownBy(() -> fetch(name))
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith(name + " has the ")
        .hasMessageContaining("the hub says");
    assertThat(folder.resolve(name)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json"})
  void aFileWithoutAChecksumIsRefused(String name) {
    server.saysNoChecksumOf(name);
    assertThatThrownBy(() -> fetch(name))
        .isInstanceOf(HubException.class)
        .hasMessage(name + " has no checksum on the hub");
    assertThat(folder.resolve(name)).doesNotExist();
  }

  @Test
  void aPartThatIsNotTheOneAskedForIsNotAppended() throws IOException {
    byte[] begun = Arrays.copyOf(WEIGHTS, 70_000);
    Files.write(folder.resolve("model.safetensors"), begun);
    server.ignoreRanges();
    assertThatThrownBy(() -> fetch("model.safetensors"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("after 70000 of 100000 bytes");
    assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(begun);
  }

  @Test
  void moreThanTheHubSaysIsRefused() {
    server.sendTooMuch(5_000);
    assertThatThrownBy(() -> fetch("model.safetensors"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("has 105000 bytes, the hub says 100000");
    assertThat(folder.resolve("model.safetensors")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "401, RepoNotFound, is private",
    "401, GatedRepo, is gated",
    "403, GatedRepo, is gated",
    "404, RevisionNotFound, has no revision 'main'",
    "404, '', has no model laurel/tiny",
    "503, '', answers 503",
    "418, '', answers 418"
  })
  void aRefusalIsASentence(int status, String code, String sentence) {
    server.refuse(status, code);
    assertThatThrownBy(() -> hub.revision(TINY))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("secret-token");
  }

  @Test
  void aHubThatIsNotThereIsCalledOffline() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    Hub nowhere =
        new Hub(
            URI.create("http://localhost:" + free),
            null,
            Duration.ofMillis(1),
            Duration.ofSeconds(2));
    assertThatThrownBy(() -> nowhere.revision(TINY))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("cannot be reached: is this machine online");
  }

  @Test
  void aListenerEndsTheDownloadAndWhatCameStays() throws Exception {
    server.pause(50);
    HubRevision revision = hub.revision(TINY);
    Path file = folder.resolve("model.safetensors");
    assertThatThrownBy(
            () ->
                hub.fetch(
                    revision,
                    revision.files().get(1),
                    file,
                    bytes -> {
                      if (bytes > 0) {
                        throw new InterruptedException();
                      }
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(Files.size(file)).isBetween(1L, 99_999L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b/c", "../x", "a/..", "-a/b", "a b", "a/b?x", "https://x/y"})
  void whatIsNoNameIsRefused(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> HubModel.of(id, null));
    assertThatIllegalArgumentException().isThrownBy(() -> HubModel.of("a/b", "x/../../" + id));
  }

  private Hub hub(String token) {
    return new Hub(server.address(), token, Duration.ofMillis(1), Duration.ofSeconds(5));
  }

  private Path fetch(String name) throws Exception {
    HubRevision revision = hub.revision(TINY);
    HubFile file =
        List.copyOf(revision.files()).stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    Path target = folder.resolve(name);
    hub.fetch(revision, file, target, bytes -> {});
    return target;
  }
}

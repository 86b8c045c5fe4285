package org.laurel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @ParameterizedTest
  @CsvSource({
    "LAUREL_PORT, abc",
    "LAUREL_PORT, 70000",
    "LAUREL_DB_PORT, 0",
    "LAUREL_DEMO, maybe",
    "LAUREL_PROXY, 2",
    "LAUREL_TRAINING_HEAP, 1.5g",
    "LAUREL_TRAINING_MEMORY, much",
    "LAUREL_TRAINING_AT_ONCE, 0",
    "LAUREL_MODELS_MAX_SIZE, 16 GB",
    "LAUREL_SERVING_PRECISION, int4",
    "LAUREL_JUDGE_TIMEOUT, soon",
    "LAUREL_JUDGE_ENDPOINT, api.example.org/v1",
    "LAUREL_JUDGE_ENDPOINT, https://",
    "LAUREL_OIDC_ISSUER, http://login.example.org",
    "HF_ENDPOINT, huggingface.co"
  })
  void aVariableThatCannotBeReadIsNamed(String variable, String said) {
    assertThatThrownBy(() -> settings(Map.of(variable, said)).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(variable + " must be ")
        .hasMessageEndingWith("not '" + said + "'");
  }

  @Test
  void aVariableThatLacksAnotherIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("LAUREL_OIDC_ISSUER", "https://a.example")).check())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LAUREL_OIDC_ISSUER needs LAUREL_OIDC_CLIENT_ID beside it");
  }

  @Test
  void whatIsRightOrEmptyPasses() {
    Map<String, String> right =
        Map.of(
            "LAUREL_PORT", " 8080 ",
            "LAUREL_DB_PORT", "",
            "LAUREL_DEMO", "False",
            "LAUREL_TRAINING_HEAP", "1536m",
            "LAUREL_SERVING_PRECISION", "int8",
            "LAUREL_JUDGE_TIMEOUT", "90s",
            "LAUREL_JUDGE_ENDPOINT", "http://127.0.0.1:11434/v1",
            "HF_ENDPOINT", "http://localhost:3000");

    assertThatCode(() -> settings(right).check()).doesNotThrowAnyException();
    assertThatCode(() -> settings(Map.of()).check()).doesNotThrowAnyException();
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0)) {
      String port = String.valueOf(other.getLocalPort());

      assertThatThrownBy(() -> settings(Map.of("LAUREL_PORT", port)).requirePort())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + port)
          .hasMessageContaining("LAUREL_PORT");
    }
    assertThatCode(() -> settings(Map.of("LAUREL_PORT", "0")).requirePort())
        .doesNotThrowAnyException();
  }

  @Test
  void aPasswordKeepsItsBlanks() {
    assertThat(settings(Map.of("LAUREL_DB_PASSWORD", " secret ")).text("laurel.db.password"))
        .hasValue(" secret ");
  }

  private static Settings settings(Map<String, String> environment) {
    return new Settings(
        new SmallRyeConfigBuilder().withSources(new EnvConfigSource(environment, 300)).build());
  }
}

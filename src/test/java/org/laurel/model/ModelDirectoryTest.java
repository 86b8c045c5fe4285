package org.laurel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDirectoryTest {
  static final ModelConfig SMALL =
      new ModelConfig("llama", 300, 32, 64, 2, 4, 2, 8, 64, 1e-5, 10_000, true, null, 1, 0);
  private static final String LLAMA =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32000,
       "hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 5,
       "num_attention_heads": 8, "num_key_value_heads": 4, "max_position_embeddings": 512,
       "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "rope_scaling": null, "hidden_act": "silu",
       "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": [2, 3], "pad_token_id": 0,
       "attention_bias": false}
      """;

  @TempDir Path directory;

  private static Map<String, TensorData> weights() {
    return Map.of("score.weight", TensorData.of(FloatBuffer.allocate(32), 1, 32));
  }

  @Test
  void readsAStockConfiguration() {
    ModelConfig config = ModelConfig.parse(LLAMA, "config.json");
    assertThat(config)
        .isEqualTo(
            new ModelConfig(
                "llama", 32000, 64, 172, 5, 8, 4, 8, 512, 1e-5, 10_000, false, 1, 2, 0));
  }

  @Test
  void countsParameters() {
    // 300*32 + 2*(32*8*(2*4+2*2) + 3*32*64 + 2*32) + 32, by hand
    assertThat(SMALL.parameterCount()).isEqualTo(9600 + 2 * (3072 + 6144 + 64) + 32);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"llama\"|\"mamba\"|model_type",
        "\"llama\"|\"mamba\"|known are llama, mistral, qwen2, qwen3, gpt2, gpt_neox",
        "\"rope_scaling\": null|\"rope_scaling\": {\"rope_type\": \"yarn\"}|is not supported, only linear and llama3",
        "\"rope_scaling\": null|\"rope_scaling\": {\"rope_type\": \"llama3\"}|factor 0",
        "\"rope_scaling\": null|\"rope_scaling\": {\"type\": \"linear\"}|factor 0",
        "\"silu\"|\"gelu\"|gelu",
        "\"num_key_value_heads\": 4|\"num_key_value_heads\": 3|does not divide",
        "\"vocab_size\": 32000|\"vocab_size\": -1|vocab_size",
        "\"num_attention_heads\": 8|\"num_attention_heads\": 0|num_attention_heads",
        "\"hidden_size\": 64,|\"hidden_size\": \"wide\",|hidden_size",
        "[2, 3]|40000|outside the vocabulary"
      })
  void refusesWhatItCannotRun(String from, String to, String why) {
    assertThat(LLAMA).contains(from);
    assertThatThrownBy(() -> ModelConfig.parse(LLAMA.replace(from, to), "dir/config.json"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("dir/config.json")
        .hasMessageContaining(why);
  }

  @Test
  void aPolicyDirectoryIsReadAsItWasWritten() throws IOException {
    Path source = Files.createDirectory(directory.resolve("parent"));
    Files.writeString(source.resolve("tokenizer.json"), "{}");
    Path target = directory.resolve("policy");
    ModelDirectory.writePolicy(target, SMALL, weights(), source);
    ModelDirectory read = ModelDirectory.open(target);
    assertThat(read.config()).isEqualTo(SMALL);
    assertThat(read.head()).isEqualTo(Head.LANGUAGE_MODEL);
    assertThat(read.rewardScale()).isEqualTo(RewardScale.IDENTITY);
    assertThat(read.weights().names()).containsExactly("score.weight");
    assertThat(read.tokenizerJson()).exists();
    assertThat(target.resolve("generation_config.json")).content().contains("\"eos_token_id\" : 1");
  }

  @Test
  void aTemplateOfItsOwnIsToldWhereTransformersJsLooksForIt() throws IOException {
    Path source = Files.createDirectory(directory.resolve("parent"));
    Files.writeString(source.resolve("chat_template.jinja"), "{{ 'new' }}");
    Files.writeString(
        source.resolve("tokenizer_config.json"),
        "{\"eos_token\": \"<end>\", \"chat_template\": \"old\", \"model_max_length\": 1e30}");
    Path target = directory.resolve("policy");
    ModelDirectory.writePolicy(target, SMALL, weights(), source);
    assertThat(target.resolve("chat_template.jinja")).content().isEqualTo("{{ 'new' }}");
    assertThat(target.resolve("tokenizer_config.json"))
        .content()
        .contains("\"chat_template\" : \"{{ 'new' }}\"", "\"eos_token\" : \"<end>\"", "1.0E30");
  }

  @Test
  void paddingIsOneTokenForTheModelAndItsTokenizer() throws IOException {
    Path source = Files.createDirectory(directory.resolve("parent"));
    Files.writeString(
        source.resolve("tokenizer.json"),
        """
        {"added_tokens": [{"id": 1, "content": "<end>", "special": true},
          {"id": 4, "content": "\\n\\n", "special": false},
          {"id": 5, "content": "<start>", "special": true},
          {"id": 7, "content": "<unk>", "special": true},
          {"id": 300, "content": "<image>", "special": true}]}
        """);
    Path names = source.resolve("tokenizer_config.json");
    Files.writeString(names, "{\"pad_token\": {\"content\": \"<end>\"}}");
    Files.writeString(source.resolve("special_tokens_map.json"), "{\"pad_token\": \"<end>\"}");
    assertPadding(source, "ended", 5, "<start>");

    Files.writeString(names, "{\"pad_token\": \"<unk>\"}");
    assertPadding(source, "named", 7, "<unk>");
  }

  @Test
  void whereNoTokenIsLeftToPadNoneIsNamed() throws IOException {
    Path source = Files.createDirectory(directory.resolve("parent"));
    Files.writeString(
        source.resolve("tokenizer.json"),
        "{\"added_tokens\": [{\"id\": 1, \"content\": \"<end>\", \"special\": true}]}");
    Files.writeString(source.resolve("tokenizer_config.json"), "{\"eos_token\": \"<end>\"}");
    Path reward = directory.resolve("reward");
    Path policy = directory.resolve("policy");

    ModelDirectory.writeReward(reward, SMALL, RewardScale.IDENTITY, weights(), source);
    ModelDirectory.writePolicy(policy, SMALL, weights(), source);

    assertThat(reward.resolve("config.json")).content().doesNotContain("pad_token");
    assertThat(reward.resolve("tokenizer_config.json")).content().doesNotContain("pad_token");
    assertThat(policy.resolve("generation_config.json")).content().contains("\"pad_token_id\" : 1");
    ModelConfig read = ModelDirectory.open(reward).config();
    assertThat(read.padTokenId()).isNotEqualTo(read.eosTokenId());
  }

  private void assertPadding(Path source, String name, int token, String text) throws IOException {
    Path target = directory.resolve(name);
    ModelDirectory written =
        ModelDirectory.writeReward(target, SMALL, RewardScale.IDENTITY, weights(), source);
    assertThat(written.config().padTokenId()).isEqualTo(token);
    assertThat(ModelDirectory.open(target).config()).isEqualTo(written.config());
    for (String file : new String[] {"tokenizer_config.json", "special_tokens_map.json"}) {
      assertThat(target.resolve(file)).content().contains("\"" + text + "\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"pad_token_id\": 0|\"pad_token_id\": -1",
        "\"pad_token_id\": 0|\"pad_token_id\": 32000",
        "\"bos_token_id\": 1|\"bos_token_id\": -1"
      })
  void idsOutsideTheVocabularyOfWhatNeedNotBeThereCountAsNone(String from, String to) {
    ModelConfig config = ModelConfig.parse(LLAMA.replace(from, to), "config.json");
    assertThat(config.padTokenId()).isBetween(0, 31999).isNotEqualTo(config.eosTokenId());
    assertThat(config.bosTokenId()).isIn(1, null);
  }

  @Test
  void aRewardDirectoryKeepsItsScale() throws IOException {
    ModelDirectory.writeReward(directory, SMALL, new RewardScale(0.25, 1.5), weights(), directory);
    ModelDirectory read = ModelDirectory.open(directory);
    assertThat(read.head()).isEqualTo(Head.REWARD);
    assertThat(read.rewardScale().normalise(1.75)).isEqualTo(1.0);
    assertThat(directory.resolve("config.json"))
        .content()
        .contains("LlamaForSequenceClassification")
        .contains("\"num_labels\" : 1");
  }

  @Test
  void aDirectoryWithoutWeightsIsRefused() throws IOException {
    Files.writeString(directory.resolve("config.json"), LLAMA);
    assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model.safetensors");
  }
}

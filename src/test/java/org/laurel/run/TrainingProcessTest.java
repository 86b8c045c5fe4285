package org.laurel.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingProcessTest {
  @Test
  void aTrainingLearnsNoSecretOfTheServer() {
    Map<String, String> environment = new HashMap<>();
    for (String name :
        new String[] {
          "LAUREL_ADMIN_PASSWORD",
          "LAUREL_ADMIN_TOKEN",
          "LAUREL_DB_PASSWORD",
          "LAUREL_JUDGE_KEY",
          "LAUREL_OIDC_CLIENT_SECRET",
          "HF_TOKEN",
          "aws_secret_access_key",
          "LAUREL_HOME",
          "LAUREL_TRAINING_THREADS",
          "PATH"
        }) {
      environment.put(name, "x");
    }

    TrainingProcess.withoutSecrets(environment);

    assertThat(environment).containsOnlyKeys("LAUREL_HOME", "LAUREL_TRAINING_THREADS", "PATH");
  }
}

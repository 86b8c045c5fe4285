package org.laurel.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnnotationFormTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void asksForNoLengthOfReasonsThatItDoesNotAskFor() throws JsonProcessingException {
    assertThat(form("{\"rationale\": false, \"rationaleMinimum\": 20}").rationaleMinimum())
        .isZero();
    assertThat(form("{\"rationale\": true, \"rationaleMinimum\": 20}").rationaleMinimum())
        .isEqualTo(20);
    assertThat(form("{\"rationaleMinimum\": 20}").rationaleMinimum()).isEqualTo(20);
  }

  @Test
  void handsFlagsOverWholeAndEachOnce() throws JsonProcessingException {
    AnnotationForm odd = form("{\"flags\": [\"a|b\", \"say \\\"no\\\"\", \"a|b\"]}");
    Workroom room =
        new Workroom(UUID.randomUUID(), "", UUID.randomUUID(), odd, null, null, Standing.GOOD);
    assertThat(room.flags()).isEqualTo("[\"a|b\",\"say \\\"no\\\"\"]");
  }

  @Test
  void offersTheUsualFlagsWhereNoneAreNamed() throws JsonProcessingException {
    assertThat(form("{\"flags\": []}").flags()).isEqualTo(AnnotationForm.DEFAULT_FLAGS);
    assertThat(form("{}").flags()).isEqualTo(AnnotationForm.DEFAULT_FLAGS);
  }

  private static AnnotationForm form(String settings) throws JsonProcessingException {
    return JSON.readValue(settings, AnnotationForm.class);
  }
}

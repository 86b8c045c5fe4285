package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenModelsTest {
  private final List<String> opened = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private final OpenModels<AutoCloseable> models =
      new OpenModels<>(
          1,
          key -> {
            if (key.equals("broken")) {
              throw new IllegalArgumentException("broken");
            }
            opened.add(key);
            return () -> closed.add(key);
          });

  @Test
  void usersOfOneKeyShareOneModel() {
    var first = models.open("a");
    var second = models.open("a");
    assertThat(second.model()).isSameAs(first.model());
    assertThat(opened).containsExactly("a");
  }

  @Test
  void keepsTheOneUsedLastAndClosesOlderOnes() {
    models.open("a").close();
    models.open("b").close();
    assertThat(closed).containsExactly("a");
    models.open("b").close();
    assertThat(opened).containsExactly("a", "b");
  }

  @Test
  void neverClosesAModelInUse() {
    var used = models.open("a");
    models.open("b").close();
    models.open("c").close();
    assertThat(closed).containsExactly("b");
    models.close();
    assertThat(closed).containsExactly("b", "c");
    used.close();
    assertThat(closed).containsExactly("b", "c", "a");
  }

  @Test
  void closingALeaseTwiceCountsOnce() {
    var first = models.open("a");
    var second = models.open("a");
    first.close();
    first.close();
    models.close();
    assertThat(closed).isEmpty();
    second.close();
    assertThat(closed).containsExactly("a");
  }

  @Test
  void aFailureToOpenIsNotRemembered() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> models.open("broken")).hasMessage("broken");
    }
    models.close();
    assertThat(closed).isEmpty();
    assertThatThrownBy(() -> models.open("a")).isInstanceOf(IllegalStateException.class);
  }
}

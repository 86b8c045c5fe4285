package org.laurel.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void aModelThatThereWasNoMemoryForIsClosedAfterItsLaterUse() {
    AtomicInteger attempts = new AtomicInteger();
    OpenModels<AutoCloseable> tight =
        new OpenModels<>(
            1,
            key -> {
              if (attempts.incrementAndGet() == 1) {
                throw new OutOfMemoryError("no memory");
              }
              return () -> closed.add(key);
            });
    assertThatThrownBy(() -> tight.open("a")).hasMessage("no memory");
    tight.open("a").close();
    tight.close();
    assertThat(closed).containsExactly("a");
  }

  @Test
  void aModelThatHasEndedMakesWayForAnother() {
    List<String> ended = new ArrayList<>();
    OpenModels<Named> mortal =
        new OpenModels<>(
            1,
            key -> {
              opened.add(key);
              return new Named(key + opened.size(), closed);
            },
            model -> !ended.contains(model.name()));
    var early = mortal.open("a");
    ended.add("a1");
    var late = mortal.open("a");
    assertThat(late.model().name()).isEqualTo("a2");
    assertThat(closed).as("somebody still has it").isEmpty();
    early.close();
    assertThat(closed).containsExactly("a1");
    late.close();
    mortal.open("a").close();
    assertThat(opened).hasSize(2);
    mortal.close();
    assertThat(closed).containsExactly("a1", "a2");
  }

  private record Named(String name, List<String> closed) implements AutoCloseable {
    @Override
    public void close() {
      closed.add(name);
    }
  }
}

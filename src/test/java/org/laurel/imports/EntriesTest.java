package org.laurel.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file becomes lines, or the elements of the array that it is. */
class EntriesTest {
  @Test
  void linesAreCountedWithThoseThatAreBlank() throws IOException {
    assertThat(of("{\"a\": 1}\r\n\n  \n{\"b\": [1,\t2]}"))
        .containsExactly("1:1  {\"a\": 1}", "4:1  {\"b\": [1,\t2]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\uFEFF", " \n\t", "[]", "[ \n ]\n", "\uFEFF [\n]"})
  void nothingIsNothing(String file) throws IOException {
    assertThat(of(file)).isEmpty();
  }

  @Test
  void anArrayIsItsElementsWhateverTheirTextsHold() throws IOException {
    assertThat(
            of(
                """
                \uFEFF\s
                [ {"é": "],}[{"}, {"b": "\\"]\\\\"},
                  {
                    "c": [[1], {"d": 2}]
                  }
                ]
                """))
        .containsExactly(
            "2:3 [0] {\"é\": \"],}[{\"}",
            "2:19 [1] {\"b\": \"\\\"]\\\\\"}",
            "3:3 [2] {\n    \"c\": [[1], {\"d\": 2}]\n  }");
  }

  @Test
  void whatIsNoElementKeepsItsPlaceForWhoeverReadsIt() throws IOException {
    assertThat(of("[1, ,}, [2], x y,]"))
        .containsExactly(
            "1:2 [0] 1", "1:5 [1]", "1:6 [2] }", "1:9 [3] [2]", "1:14 [4] x y", "1:18 [5]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'[{}, {\"a\": 1'   | 1:1 [1] is cut off: the file ends within it",
        "'[{}, {\"a\": \"]'  | 1:1 [1] is cut off: the file ends within it",
        "'[{},'             | 1:1 [1] is missing: the file ends before its array does",
        "'['                | 1:1 [0] is missing: the file ends before its array does",
        "'[{}]  [{}]'       | '1:1  something follows the array; a file is one array, or an object a line'",
      })
  void whatIsLostAtTheEndIsTold(String file, String fault) throws IOException {
    List<String> entries = of(file);
    assertThat(entries.get(entries.size() - 1)).isEqualTo(fault);
  }

  @Test
  void anElementThatIsNoUtf8OrTooLongIsNamedAndTheNextOneRead() throws IOException {
    byte[] latin = "[\n{\"a\": \"é\"}, {}]".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(of(latin)).containsExactly("2:1 [0] is not UTF-8 at byte 8", "2:13 [1] {}");

    String most = "x".repeat(Entry.LONGEST - 2);
    assertThat(of("[\"" + most + "\"]").get(0)).endsWith("\"" + most + "\"");
    assertThat(of("[\"" + most + "x\", {}]"))
        .containsExactly(
            "1:1 [0] has %d bytes; at most %d are taken"
                .formatted(Entry.LONGEST + 1, Entry.LONGEST),
            "1:%d [1] {}".formatted(Entry.LONGEST + 5));
  }

  private static List<String> of(String file) throws IOException {
    return of(file.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> of(byte[] file) throws IOException {
    Entries entries = Entries.of(new ByteArrayInputStream(file));
    List<String> all = new ArrayList<>();
    for (Entry entry; (entry = entries.next()) != null; ) {
      String text = entry.text() == null ? entry.fault() : entry.text();
      all.add(
          "%d:%d %s %s"
              .formatted(entry.line(), entry.column(), entry.path(), text)
              .stripTrailing());
    }
    return all;
  }
}

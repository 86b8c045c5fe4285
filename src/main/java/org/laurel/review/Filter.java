package org.laurel.review;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks a list shows and in which order; its address is a link that can be kept.
 *
 * @param disputed those with the lowest agreement first, and only those with any; otherwise the
 *     newest first
 * @param annotator whose rankings are looked for; null for everybody's
 */
public record Filter(UUID project, Only only, boolean disputed, @Nullable UUID annotator) {

  /**
   * A filter one click away.
   *
   * @param current whether it is the one in force
   */
  public record Choice(String label, String href, boolean current) {}

  /** The list from its beginning. */
  public String href() {
    return href("");
  }

  /** The list from after a task. */
  public String after(UUID task) {
    return href("after=" + task);
  }

  /** The page of one task, which knows the list that it was reached from. */
  public String task(UUID task) {
    return href("/" + task, "");
  }

  public List<Choice> kinds() {
    return Arrays.stream(Only.values())
        .map(
            o -> new Choice(o.label, new Filter(project, o, disputed, annotator).href(), o == only))
        .toList();
  }

  public List<Choice> orders() {
    return List.of(
        new Choice("Newest", new Filter(project, only, false, annotator).href(), !disputed),
        new Choice(
            "Lowest agreement", new Filter(project, only, true, annotator).href(), disputed));
  }

  /** For the form that chooses a person. */
  public String kind() {
    return only == Only.ALL ? "" : only.key();
  }

  private String href(String last) {
    return href("", last);
  }

  private String href(String path, String last) {
    List<String> query = new ArrayList<>();
    if (only != Only.ALL) {
      query.add("only=" + only.key());
    }
    if (disputed) {
      query.add("order=agreement");
    }
    if (annotator != null) {
      query.add("annotator=" + annotator);
    }
    if (!last.isEmpty()) {
      query.add(last);
    }
    String address = "/projects/" + project + "/rankings" + path;
    return query.isEmpty() ? address : address + "?" + String.join("&", query);
  }
}

package org.laurel.web;

import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.WithFormRead;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.core.multipart.FormData;
import org.jboss.resteasy.reactive.server.multipart.FormValue;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/**
 * PostgreSQL's text has every character but U+0000, and half of a surrogate pair is no character,
 * so a request that brings one is refused before anything is done: here in its address and its
 * form, in JSON by {@link StorableJson}.
 */
public class StorableText {

  @ServerRequestFilter
  @WithFormRead
  void check(ResteasyReactiveContainerRequestContext request) {
    if (request.getUriInfo().getRequestUri().toString().contains("%00")) {
      throw Problem.invalid("text cannot have the character U+0000");
    }
    FormData form =
        ((ResteasyReactiveRequestContext) request.getServerRequestContext()).getFormData();
    if (form != null) {
      for (String field : form) {
        for (FormValue value : form.get(field)) {
          check(value.getValue());
        }
      }
    }
  }

  /**
   * @throws Problem 422 if the text cannot be stored
   */
  static void check(String text) {
    fault(text)
        .ifPresent(
            fault -> {
              throw Problem.invalid("text cannot have " + fault);
            });
  }

  /** What the text has that PostgreSQL could not store. */
  public static Optional<String> fault(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of("the character U+0000");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return Optional.of("half of a surrogate pair");
      }
    }
    return Optional.empty();
  }
}

package org.laurel.web;

import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.WithFormRead;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.core.multipart.FormData;
import org.jboss.resteasy.reactive.server.multipart.FormValue;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/**
 * PostgreSQL's text has every character but U+0000, so a request that brings one is refused before
 * anything is done: here in its address and its form, in JSON by {@link StorableJson}.
 */
public class StorableText {

  @ServerRequestFilter
  @WithFormRead
  void check(ResteasyReactiveContainerRequestContext request) {
    if (request.getUriInfo().getRequestUri().toString().contains("%00")) {
      throw refusal();
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
   * @throws Problem 422 if the text has the character
   */
  static void check(String text) {
    if (text.indexOf('\0') >= 0) {
      throw refusal();
    }
  }

  private static Problem refusal() {
    return Problem.invalid("text cannot have the character U+0000");
  }
}

package org.laurel.web;

import io.quarkus.qute.TemplateInstance;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.List;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** The languages that pages are written in, and the choice of one for every page that is sent. */
public class Languages {
  /** ISO 639-1 codes; the first one is the default. */
  public static final List<String> SPOKEN = List.of("en", "fr");

  private final Visitor visitor;

  @Inject
  Languages(Visitor visitor) {
    this.visitor = visitor;
  }

  public static boolean isSpoken(String language) {
    return SPOKEN.contains(language);
  }

  @ServerResponseFilter
  void localise(ContainerResponseContext response) {
    if (response.getEntity() instanceof TemplateInstance page) {
      page.setLocale(Locale.forLanguageTag(visitor.getLanguage()));
    }
  }
}

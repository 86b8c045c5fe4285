package org.laurel.web;

import io.quarkus.arc.Arc;
import io.quarkus.qute.EngineBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** The languages that pages are written in, and the choice of one for every page that is made. */
@ApplicationScoped
public class Languages {
  /** ISO 639-1 codes; the first one is the default. */
  public static final List<String> SPOKEN = List.of("en", "fr");

  public static boolean isSpoken(String language) {
    return SPOKEN.contains(language);
  }

  void localise(@Observes EngineBuilder engine, Visitor visitor) {
    engine.addTemplateInstanceInitializer(
        page -> {
          if (Arc.container().requestContext().isActive()) {
            page.setLocale(visitor.getLanguage());
          }
        });
  }
}

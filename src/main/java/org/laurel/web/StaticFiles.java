package org.laurel.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;

/**
 * Scripts and styles are asked for again with every page, and sent again after every start of the
 * server: pages of a new version never meet scripts of an old one.
 */
@ApplicationScoped
class StaticFiles {
  private static final List<String> FOLDERS = List.of("/js/", "/css/", "/icons.svg");
  private static final int BEFORE_ALL = 1000;

  private final String version = "\"" + UUID.randomUUID() + "\"";

  void revalidate(@Observes Filters filters) {
    filters.register(this::revalidate, BEFORE_ALL);
  }

  private void revalidate(RoutingContext exchange) {
    if (FOLDERS.stream().noneMatch(exchange.normalizedPath()::startsWith)) {
      exchange.next();
      return;
    }
    exchange
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader(HttpHeaders.ETAG, version);
    if (version.equals(exchange.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      exchange.response().setStatusCode(304).end();
    } else {
      exchange.next();
    }
  }
}

package org.laurel.web;

import io.vertx.ext.web.RoutingContext;

/** Whether a person in a browser asks, or a program. */
public final class Audience {
  private Audience() {}

  /**
   * Pages are for people; what lies under /api, /v1 and /q, and what a page's script fetches, is
   * not.
   */
  public static boolean isPerson(RoutingContext request) {
    String path = request.normalizedPath();
    String accept = request.request().getHeader("Accept");
    return !isApi(path)
        && !path.startsWith("/q/")
        && request.request().getHeader("HX-Request") == null
        && accept != null
        && accept.contains("text/html");
  }

  /** Whether the path is the API's, which programs and pages' scripts ask. */
  static boolean isApi(String path) {
    return path.startsWith("/api/") || path.startsWith("/v1/");
  }
}

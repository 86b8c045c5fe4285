package org.laurel.web;

import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A redirect after a POST, with a notice that the next page shows once. */
public final class Flash {
  private static final String COOKIE = "laurel-flash";

  private Flash() {}

  /** 303 to a path of ours; the notice is text, never markup. */
  public static Response redirect(String path, String notice) {
    return Response.seeOther(URI.create(path)).cookie(cookie(notice)).build();
  }

  private static NewCookie cookie(String notice) {
    String encoded = URLEncoder.encode(notice, StandardCharsets.UTF_8).replace("+", "%20");
    return new NewCookie.Builder(COOKIE)
        .value(encoded)
        .path("/")
        .maxAge(30)
        .sameSite(NewCookie.SameSite.STRICT)
        .build(); // read by flash.js, hence not HttpOnly; it holds no secret
  }
}

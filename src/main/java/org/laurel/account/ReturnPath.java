package org.laurel.account;

import java.net.URI;
import java.net.URISyntaxException;

/** Where to go after signing in: always a path of ours, never another site. */
public final class ReturnPath {
  private ReturnPath() {}

  public static String safe(String path) {
    if (!path.startsWith("/") || path.startsWith("//") || path.contains("\\")) {
      return "/";
    }
    try {
      URI uri = new URI(path);
      boolean ours = !uri.isAbsolute() && uri.getRawAuthority() == null;
      return ours && !path.startsWith("/sign-in") ? path : "/";
    } catch (URISyntaxException e) {
      return "/";
    }
  }
}

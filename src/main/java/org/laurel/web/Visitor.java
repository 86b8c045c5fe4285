package org.laurel.web;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page, as templates need it: {@code {cdi:visitor.email}}.
 *
 * <p>All of it comes from the {@link SecurityIdentity}: the principal's name is the e-mail address,
 * the attributes {@code accountId}, {@code name}, {@code language} and {@code csrfToken} come with
 * it.
 */
@Named("visitor")
@RequestScoped
public class Visitor {
  private final SecurityIdentity identity;
  private final HttpHeaders headers;

  @Inject
  Visitor(SecurityIdentity identity, HttpHeaders headers) {
    this.identity = identity;
    this.headers = headers;
  }

  public boolean isSignedIn() {
    return !identity.isAnonymous();
  }

  public boolean isAdministrator() {
    return identity.hasRole("administrator");
  }

  public boolean isReviewer() {
    return identity.hasRole("reviewer");
  }

  /** By which a page's script knows its reader; empty for one who is not signed in. */
  public String getAccountId() {
    UUID id = identity.getAttribute("accountId");
    return id == null ? "" : id.toString();
  }

  public String getEmail() {
    return identity.isAnonymous() ? "" : identity.getPrincipal().getName();
  }

  public String getDisplayName() {
    String name = attribute("name");
    return name == null || name.isBlank() ? getEmail() : name;
  }

  /** One or two letters that stand for the person, e.g. AL for Ada Lovelace. */
  public String getInitials() {
    String[] words = getDisplayName().replaceFirst("@.*", "").split("[\\s._-]+");
    StringBuilder initials = new StringBuilder();
    for (int i = 0; i < Math.min(2, words.length); i++) {
      if (!words[i].isEmpty()) {
        initials.appendCodePoint(Character.toUpperCase(words[i].codePointAt(0)));
      }
    }
    return initials.toString();
  }

  /** What a form or a script has to send back; empty where no cookie session is. */
  public String getCsrfToken() {
    String token = attribute("csrfToken");
    return token == null ? "" : token;
  }

  /** The account's language, else the first one of ours that the browser asks for, else English. */
  public String getLanguage() {
    String chosen = attribute("language");
    if (chosen != null && Languages.isSpoken(chosen)) {
      return chosen;
    }
    return asked().stream()
        .map(Locale::getLanguage)
        .filter(Languages::isSpoken)
        .findFirst()
        .orElse("en");
  }

  private List<Locale> asked() {
    try {
      return headers.getAcceptableLanguages();
    } catch (RuntimeException e) { // the header is no list of languages
      return List.of();
    }
  }

  private @Nullable String attribute(String name) {
    return identity.getAttribute(name);
  }
}

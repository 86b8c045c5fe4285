package org.laurel.account.sso;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.laurel.web.Problem;

/** Single sign-on as pages need it: {@code {cdi:singleSignOn.on}}. */
@Named("singleSignOn")
@ApplicationScoped
public class SingleSignOn {
  private final Config config;

  @Inject
  SingleSignOn(Config config) {
    this.config = config;
  }

  public boolean isOn() {
    return settings().isPresent();
  }

  /** What people call the provider; empty if the operator does not say. */
  public String getName() {
    return settings().map(OpenIdSettings::name).orElse("");
  }

  /** Where a browser sets out for the provider. */
  public String path(String to) {
    return ProviderSignIn.PATH + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8);
  }

  /**
   * @throws Problem 404 where it is off
   */
  OpenIdSettings required() {
    return settings()
        .orElseThrow(() -> new Problem(404, "Not found", "this server has no single sign-on"));
  }

  private Optional<OpenIdSettings> settings() {
    return OpenIdSettings.of(config);
  }
}

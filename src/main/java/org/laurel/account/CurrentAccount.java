package org.laurel.account;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.laurel.web.Problem;

/** The account that the request acts for. */
@RequestScoped
public class CurrentAccount {
  private final SecurityIdentity identity;

  @Inject
  CurrentAccount(SecurityIdentity identity) {
    this.identity = identity;
  }

  public UUID id() {
    UUID id = identity.getAttribute("accountId");
    if (id == null) {
      throw new Problem(401, "Not signed in", "this needs an account");
    }
    return id;
  }

  public Account get() {
    return Account.findById(id());
  }

  /**
   * @param role of {@link Role}; true for those it is included in as well
   */
  public boolean is(String role) {
    return identity.hasRole(role);
  }
}

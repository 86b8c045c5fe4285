package org.laurel.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/**
 * What an account may do, changed and noted in the audit. Nobody can take from Laurel its last
 * administrator. Runs in the caller's transaction; what is so already changes nothing.
 */
@ApplicationScoped
public class Permissions {
  private final Audit audit;
  private final Event<AccessNarrowed> narrowed;

  @Inject
  Permissions(Audit audit, Event<AccessNarrowed> narrowed) {
    this.audit = audit;
    this.narrowed = narrowed;
  }

  /**
   * @throws Problem 404 without such an account, 422 for what is no role, 409 for the last
   *     administrator
   */
  public Account setRole(UUID id, String role) {
    Account account = locked(id);
    if (!Role.ALL.contains(role)) {
      throw Problem.invalid("there is no such role").error("role", "must be one of " + Role.ALL);
    }
    if (!role.equals(account.role)) {
      refuseForLastAdministrator(account);
      audit.record("account.role-changed", "account", id, Map.of("from", account.role, "to", role));
      account.role = role;
      narrowed.fire(new AccessNarrowed(id));
    }
    return account;
  }

  /**
   * Lets it sign in, or ends all its sessions and leases and lets it in no more.
   *
   * @throws Problem 404 without such an account, 409 for the last administrator
   */
  public Account setDisabled(UUID id, boolean disabled) {
    Account account = locked(id);
    if (disabled == account.isDisabled()) {
      return account;
    }
    if (disabled) {
      refuseForLastAdministrator(account);
      account.disable();
      narrowed.fire(new AccessNarrowed(id));
    } else {
      account.enable();
    }
    audit.record(disabled ? "account.disabled" : "account.enabled", "account", id, Map.of());
    return account;
  }

  /**
   * Lets it work in every project, or only in those that it was let into.
   *
   * @throws Problem 404 without such an account
   */
  public Account setAllProjects(UUID id, boolean all) {
    Account account = locked(id);
    if (all != account.allProjects) {
      account.allProjects = all;
      audit.record(all ? "account.widened" : "account.limited", "account", id, Map.of());
      narrowed.fire(new AccessNarrowed(id));
    }
    return account;
  }

  private static void refuseForLastAdministrator(Account account) {
    if (account.isLastAdministrator()) {
      throw Problem.conflict("this is the last administrator; make another one first");
    }
  }

  /**
   * The account, which nobody else changes before the transaction ends.
   *
   * @throws Problem 404 without such an account
   */
  public Account locked(UUID id) {
    return Account.lockedWithAdministrators(id).orElseThrow(() -> Problem.notFound("account", id));
  }
}

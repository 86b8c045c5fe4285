package org.laurel.demonstration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.project.Access;
import org.laurel.project.GuidelinesVersion;
import org.laurel.prompt.Prompt;
import org.laurel.task.Annotating;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** Takes in demonstrations, and what reviewers decide of them, each with its entry in the audit. */
@ApplicationScoped
public class Demonstrations {
  private final EntityManager entityManager;
  private final Annotating annotating;
  private final Access access;
  private final CurrentAccount account;
  private final Audit audit;

  Demonstrations(
      EntityManager entityManager,
      Annotating annotating,
      Access access,
      CurrentAccount account,
      Audit audit) {
    this.entityManager = entityManager;
    this.annotating = annotating;
    this.access = access;
    this.account = account;
    this.audit = audit;
  }

  /**
   * Stores what an annotator writes. The same again changes nothing, something else by the same
   * annotator is put in place of what they wrote before.
   *
   * @throws Problem 404 without such a prompt in a project in which they work, 409 if their lease
   *     ran out or was never theirs
   */
  @Transactional
  Demonstration submit(UUID promptId, UUID annotatorId, Wording wording) {
    Optional<DemonstrationSeat> own = DemonstrationSeat.locked(promptId, annotatorId);
    UUID projectId = Prompt.get(promptId).projectId;
    annotating.requireMember(projectId, annotatorId);
    DemonstrationSeat seat = own.orElseThrow(() -> WritingLeases.notHeld(promptId));
    Instant now = WritingLeases.now();
    Optional<Demonstration> before = Demonstration.lockedOf(promptId, annotatorId);
    if (before.isEmpty() && !seat.isLeased(now)) {
      throw WritingLeases.expired(seat);
    }
    Draft.drop(promptId, annotatorId);
    if (before.isEmpty()) {
      seat.submit(now);
      return kept("demonstration.written", Demonstration.written(seat, wording, now), projectId);
    }
    Demonstration earlier = before.get();
    if (earlier.says(wording)) {
      return earlier;
    }
    Demonstration next = earlier.nextVersion(wording, now);
    entityManager.flush(); // there may be one in force only
    return kept("demonstration.changed", next, projectId);
  }

  private Demonstration kept(String action, Demonstration written, UUID projectId) {
    written.guidelinesVersion = GuidelinesVersion.numberInForce(projectId);
    written.persistAndFlush();
    record(action, written, null);
    return written;
  }

  /**
   * Keeps a demonstration from counting, also what its writer makes of it later; the prompt wants
   * another one in its place.
   *
   * @throws Problem 404 without such a demonstration, 409 if its writer has changed it since or the
   *     project is archived
   */
  @Transactional
  Demonstration setAside(UUID id, String reason) {
    Demonstration seen = seen(id);
    seen.setAside(account.id(), reason, WritingLeases.now());
    record("demonstration.set-aside", seen, reason);
    return seen;
  }

  /**
   * Lets a demonstration count again.
   *
   * @throws Problem as {@link #setAside}; 409 also if it counts
   */
  @Transactional
  Demonstration bringBack(UUID id, String reason) {
    Demonstration seen = seen(id);
    if (!seen.isSetAside()) {
      throw Problem.conflict("Demonstration " + id + " counts already.");
    }
    seen.bringBack();
    record("demonstration.restored", seen, reason);
    return seen;
  }

  private Demonstration seen(UUID id) {
    Demonstration demonstration = Demonstration.locked(id);
    access.write(Prompt.get(demonstration.promptId).projectId);
    if (demonstration.replacedAt != null) {
      throw Problem.conflict(
          "Demonstration %s was changed by its writer since. Look at it again.".formatted(id));
    }
    return demonstration;
  }

  private void record(String action, Demonstration of, @Nullable String reason) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("demonstrationId", of.id);
    detail.put("version", of.version);
    if (reason != null) {
      detail.put("reason", reason);
    }
    audit.record(action, "prompt", of.promptId, detail);
  }
}

package org.laurel.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.laurel.account.CurrentAccount;
import org.laurel.project.Access;
import org.laurel.ranking.Ranking;
import org.laurel.ranking.StoredRanking;
import org.laurel.web.Audit;
import org.laurel.web.Problem;

/** What reviewers decide of a single ranking: whether it counts. Each decision is audited. */
@ApplicationScoped
class Reviews {
  private final Access access;
  private final CurrentAccount account;
  private final Audit audit;

  @Inject
  Reviews(Access access, CurrentAccount account, Audit audit) {
    this.access = access;
    this.account = account;
    this.audit = audit;
  }

  /**
   * Keeps a ranking from counting.
   *
   * @param version that the reviewer has seen; null if it does not matter
   * @param askAgain whether somebody else is to rank the task instead
   * @throws Problem 404 without such a ranking, 409 if its annotator has changed it since, the
   *     project is archived, or nobody else can be asked
   */
  @Transactional
  StoredRanking setAside(UUID id, String reason, @Nullable Integer version, boolean askAgain) {
    Ranking ranking = seen(id, version);
    ranking.setAside(account.id(), reason, now());
    if (askAgain) {
      ranking.askInstead();
    }
    return decided("ranking.set-aside", ranking, reason);
  }

  /**
   * Sends a ranking back to who gave it, with a note. It does not count until they have sent it
   * again.
   *
   * @param askIfSkipped whether somebody else is asked if they skip the task
   * @throws Problem as {@link #setAside}; 409 also if it was imported
   */
  @Transactional
  StoredRanking sendBack(UUID id, String note, @Nullable Integer version, boolean askIfSkipped) {
    Ranking ranking = seen(id, version);
    if (ranking.annotatorId == null) {
      throw Problem.conflict("Ranking " + id + " was imported: there is nobody to send it to.");
    }
    ranking.sendBack(account.id(), note, askIfSkipped, now());
    return decided("ranking.returned", ranking, note);
  }

  /**
   * Lets a ranking count again, also one that was sent back and not answered.
   *
   * @throws Problem as {@link #setAside}; 409 also if it counts
   */
  @Transactional
  StoredRanking bringBack(UUID id, String reason, @Nullable Integer version) {
    Ranking ranking = seen(id, version);
    if (ranking.withheld == null) {
      throw Problem.conflict("Ranking " + id + " counts already.");
    }
    ranking.bringBack(now());
    return decided("ranking.restored", ranking, reason);
  }

  private Ranking seen(UUID id, @Nullable Integer version) {
    Ranking ranking = Ranking.locked(id);
    access.write(ranking.projectId);
    if (version != null && version != ranking.version) {
      throw Problem.conflict(
          "Ranking %s is at version %d now: its annotator has changed it since. Look at it again."
              .formatted(id, ranking.version));
    }
    return ranking;
  }

  private StoredRanking decided(String action, Ranking ranking, String reason) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("taskId", ranking.taskId);
    detail.put("version", ranking.version);
    detail.put("reason", reason);
    audit.record(action, "ranking", ranking.id, detail);
    return StoredRanking.of(ranking, ranking.inForce());
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}

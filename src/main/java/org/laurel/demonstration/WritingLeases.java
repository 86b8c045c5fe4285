package org.laurel.demonstration;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.laurel.account.Account;
import org.laurel.prompt.Prompt;
import org.laurel.task.Annotating;
import org.laurel.task.AnnotationForm;
import org.laurel.web.Precondition;
import org.laurel.web.Problem;

/**
 * Hands out prompts to write to, as {@code task.Leases} hands out tasks. That nobody sits twice at
 * a prompt and no two take the last seat is kept by the keys of {@code demonstration_seat}.
 */
@ApplicationScoped
public class WritingLeases {

  /**
   * Whether the prompt {@code p} wants another demonstration: fewer than {@code :wanted} are there
   * that count, or are being written. One that was set aside leaves room for another.
   */
  static final String HAS_ROOM =
      """
      ((select count(*) from demonstration_seat s where s.prompt_id = p.id
          and not exists (select 1 from demonstration a
                           where a.prompt_id = s.prompt_id and a.seat = s.seat
                             and a.replaced_at is null and a.withheld_at is not null))
       + (select count(*) from demonstration i
           where i.prompt_id = p.id and i.origin = 'import'
             and i.replaced_at is null and i.withheld_at is null) < :wanted)
      """;

  /** Of the prompt {@code p}: somebody sits there whose lease ran out. */
  static final String EXPIRED =
      """
      exists (select 1 from demonstration_seat e where e.prompt_id = p.id
               and e.submitted_at is null and e.lease_expires_at <= now())
      """;

  /** Of the prompt {@code p}: this annotator has no seat there and has not skipped it. */
  static final String NEW_TO_ME =
      """
      not exists (select 1 from demonstration_seat mine
                   where mine.prompt_id = p.id and mine.annotator_id = :me)
      and not exists (select 1 from demonstration_skip k
                       where k.prompt_id = p.id and k.annotator_id = :me)
      """;

  private static final String NEXT =
      "select p.id from prompt p where p.project_id = :project and p.retired_at is null and "
          + NEW_TO_ME
          + " and "
          + HAS_ROOM
          + " order by p.id limit 1";

  /** One statement, so that the number is of the seats that are counted. */
  private static final String SIT_DOWN =
      """
      insert into demonstration_seat (prompt_id, seat, annotator_id, leased_at, lease_expires_at)
      select p.id, (select min(n) from generate_series(1, 1000) n
                     where not exists (select 1 from demonstration_seat t
                                        where t.prompt_id = p.id and t.seat = n)),
             :me, :now, :until
        from prompt p where p.id = :prompt and
      """
          + HAS_ROOM
          + " on conflict do nothing";

  private static final String EXPIRED_SEATS =
      """
      select s.* from demonstration_seat s join prompt p on p.id = s.prompt_id
       where s.submitted_at is null and s.lease_expires_at <= :now and s.annotator_id <> :me and
      """;

  private static final String LONGEST_EXPIRED =
      EXPIRED_SEATS
          + " p.project_id = :project and p.retired_at is null and "
          + NEW_TO_ME
          + " order by s.lease_expires_at limit 1 for update of s skip locked";

  private static final String EXPIRED_OF_PROMPT =
      EXPIRED_SEATS
          + " p.id = :prompt order by s.lease_expires_at limit 1 for update of s skip locked";

  private final EntityManager entityManager;
  private final Annotating annotating;

  WritingLeases(EntityManager entityManager, Annotating annotating) {
    this.entityManager = entityManager;
    this.annotating = annotating;
  }

  /**
   * The prompt that the annotator writes to next: the one they have begun with, otherwise one that
   * nobody has begun with, otherwise one whose lease ran out.
   *
   * @return empty if the project wants none, or none is left for this annotator
   */
  @Transactional
  public Optional<DemonstrationSeat> next(UUID projectId, UUID annotatorId) {
    oneRequestAtATime(annotatorId);
    AnnotationForm form = annotating.requireMember(projectId, annotatorId);
    if (form.demonstrationsPerPrompt() == 0) {
      return Optional.empty();
    }
    Instant now = now();
    Optional<DemonstrationSeat> begun = begun(projectId, annotatorId);
    if (begun.isPresent()) {
      begun.get().renew(now, form.lease());
      return begun;
    }
    return fresh(projectId, annotatorId, form, now)
        .or(
            () ->
                expired(LONGEST_EXPIRED, annotatorId, now, "project", projectId)
                    .map(seat -> taken(seat, annotatorId, now, form.lease())));
  }

  /** Whoever was faster at one prompt sends this annotator to the next. */
  private Optional<DemonstrationSeat> fresh(
      UUID projectId, UUID annotatorId, AnnotationForm form, Instant now) {
    while (true) {
      List<?> found =
          entityManager
              .createNativeQuery(NEXT, UUID.class)
              .setParameter("project", projectId)
              .setParameter("me", annotatorId)
              .setParameter("wanted", form.demonstrationsPerPrompt())
              .getResultList();
      if (found.isEmpty()) {
        return Optional.empty();
      }
      UUID prompt = (UUID) found.get(0);
      if (sitDown(prompt, annotatorId, form, now)) {
        return DemonstrationSeat.locked(prompt, annotatorId);
      }
    }
  }

  private boolean sitDown(UUID promptId, UUID annotatorId, AnnotationForm form, Instant now) {
    return entityManager
            .createNativeQuery(SIT_DOWN)
            .setParameter("prompt", promptId)
            .setParameter("me", annotatorId)
            .setParameter("now", now)
            .setParameter("until", now.plus(form.lease()))
            .setParameter("wanted", form.demonstrationsPerPrompt())
            .executeUpdate()
        == 1;
  }

  /**
   * Leases one prompt: renews the annotator's lease, takes it up again after it ran out, or takes
   * back a prompt that they skipped.
   *
   * @throws Problem 404 without such a prompt in a project in which they work, 409 if the prompt
   *     wants no more demonstrations or they have written one
   */
  @Transactional
  public DemonstrationSeat of(UUID promptId, UUID annotatorId) {
    Prompt prompt = Prompt.get(promptId);
    oneRequestAtATime(annotatorId);
    AnnotationForm form = annotating.requireMember(prompt.projectId, annotatorId);
    Instant now = now();
    Optional<DemonstrationSeat> own = DemonstrationSeat.locked(promptId, annotatorId);
    if (own.isPresent()) {
      if (own.get().submittedAt != null) {
        throw Problem.conflict(
            "You have written a demonstration of prompt %s; change it with PUT /api/prompts/%s/demonstration."
                .formatted(promptId, promptId));
      }
      own.get().renew(now, form.lease());
      return own.get();
    }
    DemonstrationSeat seat =
        sitDown(promptId, annotatorId, form, now)
            ? DemonstrationSeat.locked(promptId, annotatorId).orElseThrow()
            : expired(EXPIRED_OF_PROMPT, annotatorId, now, "prompt", promptId)
                .map(free -> taken(free, annotatorId, now, form.lease()))
                .orElseThrow(
                    () ->
                        Problem.conflict(
                            "Prompt %s wants no more demonstrations: others write them or have written them. Ask for another one with POST /api/projects/%s/demonstrations/lease."
                                .formatted(promptId, prompt.projectId)));
    entityManager
        .createNativeQuery(
            "delete from demonstration_skip where prompt_id = :prompt and annotator_id = :me")
        .setParameter("prompt", promptId)
        .setParameter("me", annotatorId)
        .executeUpdate();
    return seat;
  }

  /**
   * Gives a prompt back, never to be offered to this annotator again unless they ask for it, and
   * with it what they have begun to write. Skipping twice is skipping once.
   *
   * @throws Problem 409 if the annotator holds no seat at it or has written
   */
  @Transactional
  public void skip(UUID promptId, UUID annotatorId, String reason) {
    Optional<DemonstrationSeat> seat = DemonstrationSeat.locked(promptId, annotatorId);
    annotating.requireMember(Prompt.get(promptId).projectId, annotatorId);
    if (seat.isEmpty() && hasSkipped(promptId, annotatorId)) {
      return;
    }
    DemonstrationSeat mine = seat.orElseThrow(() -> notHeld(promptId));
    if (mine.submittedAt != null) {
      throw Problem.conflict(
          "You have written a demonstration of prompt " + promptId + ": it cannot be skipped.");
    }
    mine.delete();
    Draft.drop(promptId, annotatorId);
    entityManager
        .createNativeQuery(
            "insert into demonstration_skip (prompt_id, annotator_id, reason)"
                + " values (:prompt, :me, :reason)"
                + " on conflict (prompt_id, annotator_id) do update set reason = excluded.reason")
        .setParameter("prompt", promptId)
        .setParameter("me", annotatorId)
        .setParameter("reason", reason)
        .executeUpdate();
  }

  /**
   * Keeps unsent work and renews the lease, also one that ran out while nobody else took the seat.
   *
   * @return until when the seat is the annotator's; empty if it is for good
   * @throws Problem 409 if the seat is no longer this annotator's; what was kept of theirs stays.
   *     412 if that is not what the work began from
   */
  @Transactional
  public Optional<Instant> draft(
      UUID promptId, UUID annotatorId, JsonNode work, Precondition begun, Instant now) {
    Optional<DemonstrationSeat> own = DemonstrationSeat.locked(promptId, annotatorId);
    Duration lease = annotating.requireMember(Prompt.get(promptId).projectId, annotatorId).lease();
    DemonstrationSeat seat = own.orElseThrow(() -> notHeld(promptId));
    begun.require(Draft.of(promptId, annotatorId).map(draft -> draft.savedAt).orElse(null));
    Draft.keep(promptId, annotatorId, work, now);
    if (seat.submittedAt == null) {
      seat.renew(now, lease);
    }
    return Optional.ofNullable(seat.leaseExpiresAt);
  }

  private Optional<DemonstrationSeat> begun(UUID projectId, UUID annotatorId) {
    return seats(
            """
            select s.* from demonstration_seat s join prompt p on p.id = s.prompt_id
             where p.project_id = :project and p.retired_at is null
               and s.annotator_id = :me and s.submitted_at is null
             order by s.leased_at, s.prompt_id limit 1 for update of s
            """)
        .setParameter("project", projectId)
        .setParameter("me", annotatorId)
        .getResultStream()
        .map(DemonstrationSeat.class::cast)
        .findFirst();
  }

  private Optional<DemonstrationSeat> expired(
      String sql, UUID annotatorId, Instant now, String where, UUID id) {
    return seats(sql)
        .setParameter(where, id)
        .setParameter("me", annotatorId)
        .setParameter("now", now)
        .getResultStream()
        .map(DemonstrationSeat.class::cast)
        .findFirst();
  }

  private Query seats(String sql) {
    return entityManager.createNativeQuery(sql, DemonstrationSeat.class);
  }

  private static DemonstrationSeat taken(
      DemonstrationSeat seat, UUID annotatorId, Instant now, Duration lease) {
    seat.take(annotatorId, now, lease);
    return seat;
  }

  private boolean hasSkipped(UUID promptId, UUID annotatorId) {
    return !entityManager
        .createNativeQuery(
            "select 1 from demonstration_skip where prompt_id = :prompt and annotator_id = :me")
        .setParameter("prompt", promptId)
        .setParameter("me", annotatorId)
        .getResultList()
        .isEmpty();
  }

  /** As for tasks: whoever takes the annotator out of a project waits for that, too. */
  private static void oneRequestAtATime(UUID annotatorId) {
    Account.lock(annotatorId);
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  /** 409, saying how to get a lease. */
  static Problem notHeld(UUID promptId) {
    return Problem.conflict(
        "Prompt %s is not leased to you: your lease ran out and the seat went to somebody else, or you never held one. Lease it again with POST /api/prompts/%s/demonstration/lease while it wants another demonstration."
            .formatted(promptId, promptId));
  }

  /** 409, saying how to take the lease up again. */
  static Problem expired(DemonstrationSeat seat) {
    return Problem.conflict(
        "Your lease of prompt %s ran out at %s. Take it up again with POST /api/prompts/%s/demonstration/lease and send the demonstration once more."
            .formatted(seat.promptId, seat.leaseExpiresAt, seat.promptId));
  }
}

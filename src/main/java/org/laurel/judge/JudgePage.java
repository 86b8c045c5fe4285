package org.laurel.judge;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
import org.laurel.project.Access;
import org.laurel.project.Project;
import org.laurel.web.Problem;

/** A project's judges for people: what they go by, how far they agree with people, their votes. */
@Path("/projects/{id}/judge")
@RolesAllowed(Role.ADMINISTRATOR)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class JudgePage {
  private static final int SHOWN = 20;

  /** The templates of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance show(
        Project project,
        List<Row> judgings,
        boolean active,
        RubricResource.RubricView rubric,
        List<PolicyVersion> policies,
        String served,
        Endpoint endpoint);

    static native TemplateInstance judgings(Project project, List<Row> judgings, boolean active);
  }

  /**
   * What the operator has set.
   *
   * @param address empty where there is none
   * @param fault why it cannot be used; empty where it can
   */
  public record Endpoint(String address, String model, String fault) {
    public boolean usable() {
      return !address.isEmpty() && fault.isEmpty();
    }
  }

  /**
   * A share in words.
   *
   * @param interval of 95%; empty where there is nothing to count
   */
  public record Share(String value, String interval) {
    static Share of(Calibration.@Nullable Rate rate) {
      return rate == null
          ? new Share("–", "")
          : new Share(
              percent(rate.rate()), Math.round(100 * rate.low()) + "–" + percent(rate.high()));
    }

    private static String percent(double share) {
      return Math.round(100 * share) + "%";
    }
  }

  /** A judging with its figures in words. */
  public record Row(
      JudgingView view,
      Share agreement,
      Share decided,
      Share people,
      Share position,
      boolean biased,
      String disagreement,
      String logLoss) {

    public int percent() {
      return view.total() == 0 ? 0 : (int) (100 * view.done() / view.total());
    }

    public boolean fewPairs() {
      Calibration calibration = view.calibration();
      return calibration != null && calibration.pairs() < 200;
    }

    static Row of(JudgingView view) {
      Calibration c = view.calibration();
      if (c == null) {
        Share none = Share.of(null);
        return new Row(view, none, none, none, none, false, "–", "–");
      }
      Calibration.Rate first = c.firstShown();
      int readable = c.decided() + c.ties();
      return new Row(
          view,
          Share.of(c.agreement()),
          Share.of(c.agreementDecided()),
          Share.of(c.people()),
          Share.of(first),
          first != null && (first.low() > 0.5 || first.high() < 0.5),
          readable == 0 ? "–" : Share.percent((double) c.ties() / readable),
          logLoss(c));
    }

    private static String logLoss(Calibration c) {
      Double after = c.logLoss();
      Double before = c.logLossBefore();
      if (after == null) {
        return "–";
      }
      return before == null ? two(after) : two(after) + " (before " + two(before) + ")";
    }

    private static String two(double value) {
      return String.format(Locale.ROOT, "%.2f", value);
    }
  }

  private final Access access;
  private final JudgeSettings settings;

  @Inject
  JudgePage(Access access, JudgeSettings settings) {
    this.access = access;
    this.settings = settings;
  }

  @GET
  @Transactional
  public TemplateInstance show(@RestPath UUID id) {
    Project project = access.read(id);
    List<Row> rows = rows(id);
    List<PolicyVersion> policies = PolicyVersion.usableIn(id);
    String served = PolicyVersion.serving().map(policy -> policy.name).orElse("");
    return Templates.show(
        project,
        rows,
        active(rows),
        RubricResource.RubricView.of(id),
        policies,
        served,
        endpoint());
  }

  @GET
  @Path("/judgings")
  @Transactional
  public TemplateInstance judgings(@RestPath UUID id) {
    Project project = access.read(id);
    List<Row> rows = rows(id);
    return Templates.judgings(project, rows, active(rows));
  }

  private static List<Row> rows(UUID project) {
    return JudgingView.of(Judging.ofProject(project, null, SHOWN)).stream().map(Row::of).toList();
  }

  private static boolean active(List<Row> rows) {
    return rows.stream().anyMatch(row -> row.view().active());
  }

  private Endpoint endpoint() {
    try {
      return settings
          .endpoint()
          .map(
              set ->
                  new Endpoint(
                      set.address().toString(), set.model() == null ? "" : set.model(), ""))
          .orElse(new Endpoint("", "", ""));
    } catch (Problem wrong) {
      return new Endpoint("", "", String.valueOf(wrong.getMessage()));
    }
  }
}

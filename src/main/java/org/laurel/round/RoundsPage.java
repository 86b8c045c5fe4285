package org.laurel.round;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.laurel.account.Role;
import org.laurel.project.Access;
import org.laurel.project.Project;

/** A project's rounds for people, and the form that launches one. */
@Path("/projects/{id}/rounds")
@RolesAllowed(Role.ADMINISTRATOR)
@Produces(MediaType.TEXT_HTML)
@Blocking
public class RoundsPage {
  private static final int SHOWN = 100;
  private static final Set<String> OF_PAIRS =
      Set.of("epochs", "learningRate", "beta", "labelSmoothing", "loraRank");

  /** Settings by step for which the form has no field of its own. */
  private static final Map<String, List<Setting>> OTHERS =
      Map.of(
          "sft", Setting.of(StepKind.SFT, Set.of("epochs", "learningRate", "loraRank")),
          "reward",
              Setting.of(
                  StepKind.REWARD, Set.of("backbone", "epochs", "learningRate", "heldOutFraction")),
          "rejection",
              Setting.of(
                  StepKind.REJECTION,
                  Set.of("samplesPerPrompt", "epochs", "learningRate", "maxNewTokens")),
          "dpo", Setting.of(StepKind.DPO, OF_PAIRS),
          "ipo", Setting.of(StepKind.IPO, OF_PAIRS),
          "kto",
              Setting.of(
                  StepKind.KTO,
                  Set.of("epochs", "learningRate", "beta", "goodWeight", "badWeight", "loraRank")),
          "ppo",
              Setting.of(
                  StepKind.PPO,
                  Set.of(
                      "steps",
                      "episodesPerStep",
                      "klCoefficient",
                      "klBudget",
                      "learningRate",
                      "maxNewTokens",
                      "temperature",
                      "lengthPenalty",
                      "normalisationSamples",
                      "loraRank",
                      "heldOutPrompts",
                      "frozenLayers")));

  /** The template of this page. */
  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance list(
        Project project,
        List<RoundView> rounds,
        Counts counts,
        Map<String, String> sft,
        Map<String, String> reward,
        Map<String, String> rejection,
        Map<String, String> miniLm,
        List<Pairs> pairs,
        Map<String, String> kto,
        Map<String, String> ppo,
        Map<String, List<Setting>> others);
  }

  /** A method that learns from pairs, as the form shows it. */
  public record Pairs(String key, String name, Map<String, String> defaults) {}

  private final Access access;
  private final EntityManager database;

  RoundsPage(Access access, EntityManager database) {
    this.access = access;
    this.database = database;
  }

  @GET
  @Transactional
  public TemplateInstance list(@PathParam("id") UUID id) {
    Project project = access.read(id);
    List<RoundView> rounds = Round.ofProject(id, null, SHOWN).stream().map(RoundView::of).toList();
    return Templates.list(
        project,
        rounds,
        Counts.of(database, id),
        SettingsGuide.defaults(StepKind.SFT),
        SettingsGuide.defaults(StepKind.REWARD),
        SettingsGuide.defaults(StepKind.REJECTION),
        SettingsGuide.defaultsWithMiniLm(),
        List.of(
            new Pairs("dpo", "DPO", SettingsGuide.defaults(StepKind.DPO)),
            new Pairs("ipo", "IPO", SettingsGuide.defaults(StepKind.IPO))),
        SettingsGuide.defaults(StepKind.KTO),
        SettingsGuide.defaults(StepKind.PPO),
        OTHERS);
  }
}

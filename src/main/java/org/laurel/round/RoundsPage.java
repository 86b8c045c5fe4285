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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.laurel.account.Role;
import org.laurel.policy.PolicyVersion;
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

  /** By step the settings for which the form has fields of its own. */
  private static final Map<StepKind, Set<String>> IN_FORM =
      Map.of(
          StepKind.SFT, Set.of("epochs", "learningRate", "loraRank"),
          StepKind.REWARD, Set.of("backbone", "epochs", "learningRate", "heldOutFraction"),
          StepKind.REJECTION, Set.of("samplesPerPrompt", "epochs", "learningRate", "maxNewTokens"),
          StepKind.DPO, OF_PAIRS,
          StepKind.IPO, OF_PAIRS,
          StepKind.KTO,
              Set.of("epochs", "learningRate", "beta", "goodWeight", "badWeight", "loraRank"),
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
                  "frozenLayers"));

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
        Map<String, List<Setting>> others,
        String start);
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
    Optional<PolicyVersion> start = PolicyVersion.serving();
    long weights = start.map(policy -> policy.parameterCount).orElse(1L);
    return Templates.list(
        project,
        rounds,
        Counts.of(database, id),
        SettingsGuide.defaults(StepKind.SFT, weights),
        SettingsGuide.defaults(StepKind.REWARD, weights),
        SettingsGuide.defaults(StepKind.REJECTION, weights),
        SettingsGuide.defaultsWithMiniLm(),
        List.of(
            new Pairs("dpo", "DPO", SettingsGuide.defaults(StepKind.DPO, weights)),
            new Pairs("ipo", "IPO", SettingsGuide.defaults(StepKind.IPO, weights))),
        SettingsGuide.defaults(StepKind.KTO, weights),
        SettingsGuide.defaults(StepKind.PPO, weights),
        others(weights),
        start.map(policy -> policy.name).orElse(""));
  }

  private static Map<String, List<Setting>> others(long weights) {
    return IN_FORM.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().key(),
                entry -> Setting.of(entry.getKey(), entry.getValue(), weights)));
  }
}

package org.laurel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The directions of ARCHITECTURE.md, checked on the compiled classes. */
class ArchitectureTest {
  /** Train, serve and measure models; usable without the server. */
  private static final String[] MODELS =
      packages(
          "preference",
          "tokenizer",
          "model",
          "onnx",
          "device",
          "ngram",
          "engine",
          "serving",
          "hub",
          "starter",
          "simulation");

  private static final String[] FEATURES =
      packages(
          "account",
          "audit",
          "project",
          "prompt",
          "demonstration",
          "sampling",
          "task",
          "ranking",
          "evaluation",
          "review",
          "imports",
          "demo",
          "dataset",
          "artifact",
          "policy",
          "rewardmodel",
          "run",
          "round",
          "thumb",
          "judge",
          "modelimport",
          "modelexport",
          "instant",
          "playground",
          "openai",
          "overview");

  private static final String[] AROUND_FEATURES = packages("database", "web", "cli");

  private static final String[] WEB_STACK = {
    "io.quarkus..",
    "io.vertx..",
    "jakarta..",
    "org.hibernate..",
    "java.sql..",
    "javax.sql..",
    "org.postgresql.."
  };

  private static final Set<String> MAKERS =
      Set.of(
          "arange",
          "empty",
          "eye",
          "from_blob",
          "full",
          "linspace",
          "ones",
          "rand",
          "randint",
          "randn",
          "randperm",
          "scalar_tensor",
          "tensor",
          "zeros");

  private static JavaClasses laurel;

  @BeforeAll
  static void read() {
    laurel =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.laurel");
  }

  private static String[] packages(String... names) {
    return Arrays.stream(names).map(name -> "org.laurel." + name + "..").toArray(String[]::new);
  }

  /** Else a rule that names them would hold of a package that it does not see. */
  @Test
  void everyPackageHasItsPlaceInTheRules() {
    Set<String> placed =
        Stream.of(MODELS, FEATURES, AROUND_FEATURES)
            .flatMap(Arrays::stream)
            .collect(Collectors.toSet());
    Set<String> found =
        laurel.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals("org.laurel"))
            .map(name -> name.replaceAll("^(org\\.laurel\\.[a-z]+).*", "$1.."))
            .collect(Collectors.toSet());
    assertThat(placed).containsExactlyInAnyOrderElementsOf(found);
  }

  @Test
  void packagesAreFreeOfCircles() {
    check(
        slices().matching("org.laurel.(*)..").should().beFreeOfCycles(),
        "a circle makes two packages one, and neither can be understood or tested alone");
  }

  @Test
  void preferenceKnowsOnlyTheJdk() {
    check(
        classes()
            .that()
            .resideInAPackage("org.laurel.preference..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("org.laurel.preference..", "java..", "org.jspecify.."),
        "the arithmetic of preferences must be readable and usable without anything else");
  }

  @Test
  void modelsKnowNothingOfTheWeb() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(MODELS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WEB_STACK),
        "a training process runs without the server, and reports through an interface that a feature implements");
  }

  @Test
  void modelsAndTheDatabaseKnowNoFeature() {
    check(
        noClasses()
            .that(resideInAnyPackage(MODELS).or(resideInAnyPackage("org.laurel.database..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FEATURES),
        "features use models, never the other way round");
  }

  @Test
  void engineAloneKnowsLibtorch() {
    check(
        noClasses()
            .that(not(resideInAnyPackage("org.laurel.engine..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco.pytorch.."),
        "the server must never load libtorch: it costs a gigabyte and takes the server down when it crashes");
  }

  @Test
  void deviceAloneMakesAndReadsTensors() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.laurel.engine..")
            .and()
            .doNotHaveFullyQualifiedName("org.laurel.engine.nn.Device")
            .should()
            .callMethodWhere(
                describe("makes a tensor or looks into one", ArchitectureTest::touchesMemory)),
        "only Device knows whether tensors live in the processor's memory or in a GPU's");
  }

  /** The calls that work in the processor's memory alone; those like zeros_like follow a tensor. */
  private static boolean touchesMemory(JavaMethodCall call) {
    String name = call.getName();
    return switch (call.getTargetOwner().getName()) {
      case "org.bytedeco.pytorch.global.torch" -> MAKERS.contains(name);
      case "org.bytedeco.pytorch.Tensor",
          "org.bytedeco.pytorch.TensorBase",
          "org.bytedeco.pytorch.AbstractTensor" ->
          name.startsWith("create") || name.contains("data_ptr");
      default -> false;
    };
  }

  @Test
  void servingAloneKnowsOnnxRuntime() {
    check(
        noClasses()
            .that(not(resideInAnyPackage("org.laurel.serving..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.onnxruntime.."),
        "one place decides threads, memory and the life of sessions");
  }

  @Test
  void engineAndServingMeetOnlyInTheRolloutInterface() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.laurel.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.laurel.serving.."),
        "PPO asks an interface of its own for rollouts");
    check(
        noClasses()
            .that()
            .resideInAPackage("org.laurel.serving..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("org.laurel.engine..")
                    .and(not(resideInAnyPackage("org.laurel.engine.ppo..")))),
        "serving implements PPO's rollout interface and needs nothing else of training");
  }

  @Test
  void webImportsNoFeature() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.laurel.web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FEATURES),
        "layout, errors and headers are the same for every feature");
  }

  @Test
  void nobodyKnowsTheCommandLine() {
    check(
        noClasses()
            .that(not(resideInAnyPackage("org.laurel.cli..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.laurel.cli.."),
        "commands call the rest");
  }

  @Test
  void nobodyKnowsTheOverview() {
    check(
        noClasses()
            .that(not(resideInAnyPackage("org.laurel.overview..")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.laurel.overview.."),
        "it looks at all features, so whoever looked at it would close a circle");
  }

  @Test
  void noPackageIsADrawerForEverything() {
    check(
        noClasses()
            .should()
            .resideInAnyPackage(
                "..util..",
                "..utils..",
                "..helper..",
                "..helpers..",
                "..service..",
                "..services..",
                "..manager..",
                "..dto..",
                "..impl..",
                "..common.."),
        "a package is named after what it is about");
  }

  private static void check(ArchRule rule, String reason) {
    rule.because(reason).check(laurel);
  }
}

package org.laurel.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import java.util.Set;

/** What axe-core says about a page. */
final class Accessibility {
  private static final Set<String> GRAVE = Set.of("serious", "critical");

  /** Two frames, and the end of every animation that has one: colours change by transitions. */
  private static final String SETTLED =
      """
      async () => {
        const frame = () => new Promise((next) => requestAnimationFrame(next));
        await frame();
        await frame();
        const ending = (animation) => animation.effect.getComputedTiming().endTime !== Infinity;
        const animations = document.getAnimations().filter(ending);
        await Promise.all(animations.map((animation) => animation.finished.catch(() => {})));
        await frame();
      }
      """;

  private Accessibility() {}

  /** Holds the page, as it stands, to have no serious fault, in light and in dark. */
  static void check(Page page) {
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.DARK, ColorScheme.LIGHT}) {
      page.emulateMedia(
          new Page.EmulateMediaOptions()
              .setColorScheme(scheme)
              .setReducedMotion(ReducedMotion.REDUCE));
      page.evaluate(SETTLED);
      List<String> faults =
          new AxeBuilder(page)
                  .setLegacyMode(
                      true) // else it opens a second page, which the policy forbids to script
                  .analyze()
                  .getViolations()
                  .stream()
                  .filter(rule -> GRAVE.contains(rule.getImpact()))
                  .map(Accessibility::told)
                  .toList();
      assertThat(faults).as("%s in %s", page.url(), scheme).isEmpty();
    }
  }

  private static String told(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getHelp()
        + " "
        + rule.getNodes().stream()
            .map(node -> node.getHtml() + " " + node.getFailureSummary())
            .toList();
  }
}

package org.laurel.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChromiumTest {
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aBrowserThatDoesNotAnswerIsKilled() {
    try (Chromium chromium = new Chromium()) {
      Page page = chromium.browser().newPage();
      chromium.orKill(() -> page.evaluate("new Promise(() => {})"), Duration.ofSeconds(1));
      assertThat(chromium.browser().isConnected()).isFalse();
    }
  }

  @Test
  void whatFailsInTimeFails() {
    try (Chromium chromium = new Chromium()) {
      Page page = chromium.browser().newPage();
      assertThatThrownBy(
              () -> chromium.orKill(() -> page.evaluate("absent()"), Duration.ofMinutes(1)))
          .isInstanceOf(PlaywrightException.class);
      assertThat(chromium.browser().isConnected()).isTrue();
    }
  }
}

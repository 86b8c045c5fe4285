// Time spent on a task: it runs while the page is seen and somebody did something in the last minute.
const IDLE_MS = 60_000;

export class Clock {
  #spent = 0;
  #since = null;
  #lastSign = 0;

  constructor() {
    for (const sign of ["keydown", "pointerdown", "pointermove", "scroll", "touchstart"]) {
      addEventListener(sign, () => this.#sign(), { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.#sign()));
    setInterval(() => {
      if (this.#since !== null && performance.now() - this.#lastSign > IDLE_MS) this.#stop();
    }, 5000);
  }

  restart(spent = 0) {
    this.#spent = spent;
    this.#since = document.hidden ? null : performance.now();
    this.#lastSign = performance.now();
  }

  get elapsedMs() {
    const running = this.#since === null ? 0 : performance.now() - this.#since;
    return Math.round(this.#spent + running);
  }

  get isActive() {
    return this.#since !== null;
  }

  #sign() {
    this.#lastSign = performance.now();
    if (this.#since === null && !document.hidden) this.#since = performance.now();
  }

  #stop() {
    if (this.#since === null) return;
    this.#spent += Math.min(performance.now(), this.#lastSign + IDLE_MS) - this.#since;
    this.#since = null;
  }
}

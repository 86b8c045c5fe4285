// What the bar says: whether the work is safe, and how far the annotator is.
import { say } from "./words.js";

const $ = (id) => document.getElementById(id);

export class Status {
  #drafts;
  #outbox;
  #counts = { returned: 0, pending: 0, draft: 0, submitted: 0, skipped: 0, submittedToday: 0 };

  constructor(drafts, outbox) {
    this.#drafts = drafts;
    this.#outbox = outbox;
    drafts.addEventListener("change", () => this.draw());
    outbox.addEventListener("change", () => this.draw());
    outbox.addEventListener("delivered", () => this.draw());
    addEventListener("offline", () => this.draw());
    addEventListener("online", () => this.draw());
  }

  draw() {
    this.#say(...this.#state());
  }

  /** Above the task, and beside Submit where the screen is too small to keep both ends of the page in sight. */
  #say(kind, text) {
    for (const place of document.querySelectorAll(".save-state")) {
      place.dataset.kind = kind;
      place.querySelector(".save-text").textContent = text;
    }
    for (const link of document.querySelectorAll(".sign-in-again")) link.hidden = kind !== "signed-out";
  }

  #state() {
    const waiting = this.#outbox.waiting.length;
    const noRoom = this.#outbox.onlyHere && say("waitingHere", waiting);
    if (this.#drafts.state === "signed-out" || this.#outbox.state === "signed-out") return ["signed-out", noRoom || say("signedOut")];
    if (waiting && this.#outbox.state === "offline") return ["offline", noRoom || say("waiting", waiting)];
    if (this.#drafts.state === "conflict") return ["offline", say("conflict")];
    if (this.#drafts.state === "lost") return ["offline", say("keptHere")];
    if (this.#drafts.state === "refused") return ["offline", say("draftRefused", this.#drafts.refusal.message)];
    if (this.#drafts.state === "offline" || !navigator.onLine) return ["offline", say("offline")];
    if (this.#drafts.state === "saving") return ["saving", say("saving")];
    if (waiting) return ["saving", say("sending")];
    const { savedAt } = this.#drafts;
    const time = savedAt?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    return ["saved", time ? say("savedAt", time) : say("saved")];
  }

  unreachable(error) {
    if (error.status === 401) this.#say("signed-out", say("signedOut"));
    else this.#say("offline", say("unreachable"));
  }

  /** At once, before the server has counted. */
  submitted() {
    this.#counts.submitted++;
    this.#counts.submittedToday++;
    this.#counts.pending = Math.max(0, this.#counts.pending - 1);
    this.#drawCounts();
  }

  /** What was counted is not taken. */
  refused() {
    this.#counts.submitted--;
    this.#counts.submittedToday--;
    this.#counts.pending++;
    this.#drawCounts();
  }

  async refresh(leases) {
    try {
      this.#counts = await leases.progress();
      this.#drawCounts();
    } catch {
      // The counts can wait; whether the work is safe is said elsewhere.
    }
  }

  #drawCounts() {
    const { submitted, submittedToday } = this.#counts;
    const pending = this.#counts.pending + (this.#counts.returned ?? 0);
    $("count-today").textContent = submittedToday;
    $("count-left").textContent = pending >= 1000 ? "1000+" : pending;
    const bar = $("progress");
    bar.max = Math.max(1, submitted + pending);
    bar.value = submitted;
    for (const tab of document.querySelectorAll("[data-queue]")) {
      const count = this.#counts[tab.dataset.queue];
      tab.querySelector(".count").textContent = count >= 1000 ? "1000+" : count;
    }
  }
}

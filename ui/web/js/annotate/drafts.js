// Unsent work: on this device with every change, on the server a moment later, which renews the lease too.
import { request, csrfToken, isRefusal } from "../csrf.js";
import { rankings } from "./destination.js";

const QUIET_MS = 900;

export class Drafts extends EventTarget {
  #device;
  #destination;
  #timer = 0;
  #sending = null;
  #pending = null; // { taskId, work } not yet with the server
  #pause = 2000;
  state = "saved"; // saved | saving | offline | signed-out | lost | refused
  refusal = null; // the error that says why
  savedAt = null;

  constructor(device, destination = rankings) {
    super();
    this.#device = device;
    this.#destination = destination;
    addEventListener("online", () => this.#send());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    addEventListener("pagehide", () => this.#sendLast());
  }

  /** The newer of what this device and the server have. What the server had and has no more was submitted or given up elsewhere. */
  latest(task) {
    const local = this.#device.read(`draft.${task.id}`);
    const server = task.draft ? { work: task.draft, at: Date.parse(task.draftSavedAt) } : null;
    if (local && (!local.synced || (server && local.at >= server.at))) return local.work;
    return server?.work ?? null;
  }

  keep(taskId, work) {
    this.#device.write(`draft.${taskId}`, { work, at: Date.now(), synced: false });
    this.#pending = { taskId, work };
    this.#become("saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), QUIET_MS);
  }

  /** Ctrl+S: at once. */
  flush() {
    clearTimeout(this.#timer);
    return this.#send();
  }

  /** The task is submitted or skipped: nothing of it may be saved any more. */
  async drop(taskId) {
    if (this.#pending?.taskId === taskId) this.#pending = null;
    clearTimeout(this.#timer);
    this.#device.remove(`draft.${taskId}`);
    this.#become("saved");
    await this.#sending;
  }

  /** The changes to a submitted ranking are given up, here and on the server. */
  async discard(taskId) {
    await this.drop(taskId);
    await request(this.#destination.draft(taskId), { method: "PUT", json: {} }).catch(() => {});
  }

  fresh() {
    this.savedAt = null;
    this.#become(this.#pending ? "saving" : "saved");
  }

  async #send() {
    if (this.#sending) return this.#sending;
    if (!this.#pending) return;
    const { taskId, work } = this.#pending;
    this.#sending = this.#put(taskId, work);
    await this.#sending;
    this.#sending = null;
    if (this.#pending && this.state === "saving") this.#send();
  }

  async #put(taskId, work) {
    try {
      const kept = await (await request(this.#destination.draft(taskId), { method: "PUT", json: work })).json();
      this.#pause = 2000;
      if (this.#pending?.work !== work) return;
      this.#pending = null;
      this.savedAt = new Date(kept.draftSavedAt);
      this.#device.write(`draft.${taskId}`, { work, at: this.savedAt.getTime(), synced: true });
      this.#become("saved");
    } catch (error) {
      if (this.#pending?.taskId !== taskId) return;
      if (error.status === 409) {
        this.#become("lost");
      } else if (error.status === 401) {
        this.#become("signed-out");
      } else if (isRefusal(error)) {
        // The same again would be refused again; the next change is tried.
        if (this.#pending.work === work) this.#pending = null;
        this.refusal = error;
        this.#become("refused");
      } else {
        this.#become("offline");
        this.#timer = setTimeout(() => {
          this.#become("saving");
          this.#send();
        }, this.#pause);
        this.#pause = Math.min(30_000, this.#pause * 2);
      }
    }
  }

  /** The page goes away: the browser finishes this one request on its own. */
  #sendLast() {
    if (!this.#pending) return;
    const { taskId, work } = this.#pending;
    fetch(this.#destination.draft(taskId), {
      method: "PUT",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() },
      body: JSON.stringify(work),
    }).catch(() => {});
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

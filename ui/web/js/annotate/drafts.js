// Unsent work: on this device with every change, on the server a moment later, which renews the lease too.
import { request, csrfToken, isRefusal } from "../csrf.js";
import { rankings } from "./destination.js";

const QUIET_MS = 900;
/** Which page this is: what it kept itself is no other window's. */
const PAGE = crypto.getRandomValues(new Uint32Array(2)).join("-");

export class Drafts extends EventTarget {
  #device;
  #destination;
  #timer = 0;
  #sending = null;
  #pending = null; // { taskId, work } not yet with the server
  #pause = 2000;
  #begun = new Map(); // by task: when the server kept what its work goes on from; null if it had nothing
  #pages = new Set([PAGE]); // this one, and those before it whose work it goes on with
  #changed = new Set(); // tasks that this page changed
  #held = null; // the task of which the server has something else
  state = "saved"; // saved | saving | offline | signed-out | lost | refused | conflict
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

  /**
   * The newer of what this device and the server have. What the server had and has no more was submitted or given up
   * elsewhere; what it never got is sent.
   */
  open(task) {
    const local = this.#device.read(`draft.${task.id}`);
    const server = task.draft ? { work: task.draft, at: Date.parse(task.draftSavedAt) } : null;
    this.#held = null;
    this.#begun.set(task.id, server ? task.draftSavedAt : null);
    if (!local || (local.synced && !(server && local.at >= server.at))) return server?.work ?? null;
    if (!local.synced) {
      if (local.work.page) this.#pages.add(local.work.page);
      // Unless the server has an earlier state of the same.
      if (server?.work.page !== local.work.page) this.#begun.set(task.id, local.begun);
      this.keep(task.id, local.work);
    }
    return local.work;
  }

  keep(taskId, work) {
    this.#changed.add(taskId);
    const kept = { ...work, page: PAGE };
    this.#device.write(`draft.${taskId}`, { work: kept, at: Date.now(), synced: false, begun: this.#begun.get(taskId) });
    this.#pending = { taskId, work: kept };
    if (this.#held === taskId) return;
    this.#become("saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), QUIET_MS);
  }

  /** Whether there is something that the server does not have yet. */
  get unsent() {
    return this.#pending !== null;
  }

  hasChanged(taskId) {
    return this.#changed.has(taskId);
  }

  /** When the server kept what the work on a task goes on from. */
  begun(taskId) {
    return this.#begun.get(taskId) ?? null;
  }

  /** Whether the work was kept by this page, or by one with whose work it goes on. */
  isOwn(work) {
    return this.#pages.has(work?.page);
  }

  /** What the server has by now is known, and what is here goes in its place. */
  goOn(taskId, begun) {
    this.#held = null;
    this.#begun.set(taskId, begun);
    if (this.#pending?.taskId === taskId) this.keep(taskId, this.#pending.work);
    return this.flush();
  }

  /** Ctrl+S: at once. */
  flush() {
    clearTimeout(this.#timer);
    return this.#send();
  }

  /** The task is submitted or skipped: nothing of it may be saved any more. */
  async drop(taskId) {
    if (this.#pending?.taskId === taskId) this.#pending = null;
    if (this.#held === taskId) this.#held = null;
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
    if (!this.#pending || this.#pending.taskId === this.#held) return;
    const { taskId, work } = this.#pending;
    this.#sending = this.#put(taskId, work);
    await this.#sending;
    this.#sending = null;
    if (this.#pending && this.state === "saving") this.#send();
  }

  async #put(taskId, work) {
    try {
      const headers = this.#precondition(taskId);
      const kept = await (await request(this.#destination.draft(taskId), { method: "PUT", json: work, headers })).json();
      this.#begun.set(taskId, kept.draftSavedAt);
      this.#pause = 2000;
      if (this.#pending?.work !== work) return;
      this.#pending = null;
      this.savedAt = new Date(kept.draftSavedAt);
      this.#device.write(`draft.${taskId}`, { work, at: this.savedAt.getTime(), synced: true });
      this.#become("saved");
    } catch (error) {
      if (this.#pending?.taskId !== taskId) return;
      if (error.status === 412) {
        this.#held = taskId;
        this.#become("conflict");
      } else if (error.status === 409) {
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

  /** That the server has nothing else by now. */
  #precondition(taskId) {
    const begun = this.#begun.get(taskId);
    if (begun === undefined) return {};
    return begun === null ? { "If-None-Match": "*" } : { "If-Match": `"${begun}"` };
  }

  /** The page goes away: the browser finishes this one request on its own. */
  #sendLast() {
    if (!this.#pending || this.#pending.taskId === this.#held) return;
    const { taskId, work } = this.#pending;
    fetch(this.#destination.draft(taskId), {
      method: "PUT",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken(), ...this.#precondition(taskId) },
      body: JSON.stringify(work),
    }).catch(() => {});
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

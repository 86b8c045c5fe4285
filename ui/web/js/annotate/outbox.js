// Rankings, or demonstrations, on their way to the server. They wait on this device until it has taken them, or where the
// device has no room, in this page; sending one twice is harmless, since the same by the same annotator is stored once.
import { isRefusal, request } from "../csrf.js";
import { rankings } from "./destination.js";

const LONGEST_PAUSE_MS = 30_000;

export class Outbox extends EventTarget {
  #device;
  #destination;
  #unkept = []; // for which this device has no room
  #sending = null;
  #pause = 1000;
  #timer = 0;
  state = "idle"; // idle | sending | offline | signed-out

  constructor(device, destination = rankings) {
    super();
    this.#device = device;
    this.#destination = destination;
    addEventListener("online", () => this.flush());
    // Back from signing in, say.
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    addEventListener("beforeunload", (event) => this.onlyHere && event.preventDefault());
  }

  get waiting() {
    return [...this.#kept, ...this.#unkept];
  }

  /** Whether something would be lost with this page. */
  get onlyHere() {
    return this.#unkept.length > 0;
  }

  get #kept() {
    return this.#device.read(this.#destination.box) ?? [];
  }

  holds(taskId) {
    return this.waiting.some((item) => item.taskId === taskId);
  }

  /** Keeps it; flush() sends it. */
  add(item) {
    const isAnother = (other) => other.taskId !== item.taskId;
    this.#unkept = this.#unkept.filter(isAnother);
    const others = this.#kept.filter(isAnother);
    if (this.#device.write(this.#destination.box, [...others, item])) return;
    this.#device.write(this.#destination.box, others);
    this.#unkept.push(item);
  }

  /** Sends what waits; over when nothing waits any more, or it has to wait longer. */
  flush() {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #sendAll() {
    clearTimeout(this.#timer);
    for (let [item] = this.waiting; item; [item] = this.waiting) {
      this.#become("sending");
      if (!(await this.#deliver(item))) return;
    }
    this.#pause = 1000;
    this.#become("idle");
  }

  /** Whether the item is dealt with, well or badly; otherwise it waits for a better time. */
  async #deliver(item) {
    try {
      await this.#send(item);
      this.#done(item, "delivered");
      return true;
    } catch (error) {
      if (isRefusal(error)) {
        this.#done(item, "refused", error);
        return true;
      }
      if (error.status === 401) {
        this.#become("signed-out");
        return false;
      }
      this.#become("offline");
      this.#timer = setTimeout(() => this.flush(), this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
      return false;
    }
  }

  async #send({ taskId, body }) {
    const send = () => request(this.#destination.work(taskId), { method: "PUT", json: body });
    try {
      await send();
    } catch (error) {
      if (error.status !== 409) throw error;
      // The lease ran out. While a seat is free the task can be had again, and the work stands.
      await request(this.#destination.lease(taskId), { method: "POST", json: {} });
      await send();
    }
  }

  #done(item, event, error) {
    // Only what was sent: a newer version of the same may have come in meanwhile.
    const sent = JSON.stringify(item);
    const isAnother = (other) => JSON.stringify(other) !== sent;
    this.#unkept = this.#unkept.filter(isAnother);
    this.#device.write(this.#destination.box, this.#kept.filter(isAnother));
    this.dispatchEvent(new CustomEvent(event, { detail: { item, error } }));
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

// The annotator's own queues in a dialog: what waits, came back, is begun, done, skipped.
import { complaint } from "./complain.js";

const $ = (id) => document.getElementById(id);

export class WorkList {
  #leases;
  #choose;
  #queue = "submitted";
  #asked = 0; // the last request, whose answer alone is shown

  constructor(leases, choose) {
    this.#leases = leases;
    this.#choose = choose;
    $("work-dialog").addEventListener("click", (event) => {
      const tab = event.target.closest("[data-queue]");
      if (tab) this.#show(tab.dataset.queue);
    });
    $("work-more").addEventListener("click", (event) => this.#load(event.target.dataset.after));
  }

  open() {
    if ($("work-dialog").open) return;
    $("work-dialog").showModal();
    this.#show(this.#queue);
  }

  /** What was submitted before the task, or the prompt, of that id, or last of all if it is null. */
  async submittedBefore(id) {
    let passed = id === null;
    for (let after = "0"; after; ) {
      const { items, next } = await this.#leases.queue("submitted", after);
      for (const item of items) {
        if (passed) return item;
        passed = (item.taskId ?? item.promptId) === id;
      }
      after = next;
    }
    return null;
  }

  #show(queue) {
    this.#queue = queue;
    $("work-panel").setAttribute("aria-labelledby", `work-${queue}`);
    $("work-items").replaceChildren();
    this.#load();
  }

  async #load(after) {
    const queue = this.#queue;
    const asked = ++this.#asked;
    $("work-error").hidden = true;
    try {
      const page = await this.#leases.queue(queue, after);
      if (asked !== this.#asked) return;
      $("work-items").append(...page.items.map((item) => this.#item(item, queue)));
      $("work-none").hidden = $("work-items").childElementCount > 0;
      $("work-more").hidden = !page.next;
      $("work-more").dataset.after = page.next ?? "";
    } catch (error) {
      if (asked !== this.#asked) return;
      $("work-none").hidden = true;
      $("work-more").hidden = !after;
      $("work-error").textContent = complaint(error);
      $("work-error").hidden = false;
    }
  }

  #item(item, queue) {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const prompt = document.createElement("span");
    prompt.className = "work-prompt";
    prompt.dir = "auto";
    prompt.textContent = item.prompt;
    const when = document.createElement("span");
    when.className = "muted small";
    const lang = document.documentElement.lang;
    when.textContent = new Date(item.at).toLocaleString(lang, { dateStyle: "medium", timeStyle: "short" });
    if (item.reason) when.textContent += ` · ${item.reason}`;
    button.append(prompt, when);
    button.addEventListener("click", () => {
      $("work-dialog").close();
      this.#choose(item, queue);
    });
    line.append(button);
    return line;
  }
}

// One policy with its own conversation.
import { copy } from "../clipboard.js";
import { ask } from "./stream.js";
import { watchThumbs } from "./thumbs.js";
import { toast } from "../toast.js";

export class Pane {
  #turns = [];
  #abort = null;

  constructor(element, settings) {
    this.element = element;
    this.settings = settings;
    this.log = element.querySelector("[data-conversation]");
    this.select = element.querySelector("[data-policy]");
    this.template = document.getElementById("message-template");
    this.hint = this.log.querySelector("[data-hint]");
  }

  get policy() {
    return this.select.value;
  }

  clear() {
    this.stop();
    this.#turns = [];
    this.log.replaceChildren(this.hint);
  }

  stop() {
    this.#abort?.abort();
  }

  /** Says the words and resolves once they are answered. */
  async say(words) {
    this.hint.remove();
    this.#turns.push({ role: "user", content: words });
    this.#show("user").querySelector(".words").textContent = words;
    await this.#answer();
  }

  /** @param asked the turns that the message answers */
  async #again(message, asked) {
    if (this.#abort) return;
    // What was said after the answer goes with it: the conversation takes another turn here.
    while (message.nextElementSibling) message.nextElementSibling.remove();
    this.#turns = asked;
    message.remove();
    await this.#answer();
  }

  async #answer() {
    // Cleared meanwhile, the conversation is another list, and this answer no part of it.
    const turns = this.#turns;
    const asked = [...turns];
    const message = this.#show("assistant");
    message.classList.add("writing");
    const words = message.querySelector(".words");
    const figures = message.querySelector(".figures");
    const began = performance.now();
    let first = null;
    this.#abort = new AbortController();
    const body = { model: this.policy, messages: [...this.settings.system(), ...asked], ...this.settings.sampling() };
    let reason = "stopped";
    let whole = false;
    let failed = false;
    try {
      const end = await ask(body, {
        signal: this.#abort.signal,
        heard: (piece) => {
          first ??= performance.now();
          words.textContent += piece;
          this.#follow();
        },
      });
      whole = true;
      reason = end.reason === "length" ? "cut at the longest answer" : "";
      const seconds = (performance.now() - began) / 1000;
      const written = end.usage.completion_tokens;
      figures.textContent = [
        `${end.usage.prompt_tokens} + ${written} tokens`,
        `${Math.round(written / seconds)} tokens/s`,
        `first after ${Math.round((first ?? performance.now()) - began)} ms`,
        reason,
      ].filter(Boolean).join(" · ");
    } catch (error) {
      if (error.name === "AbortError") {
        figures.textContent = "stopped";
      } else {
        failed = true;
        message.classList.add("failed");
        figures.textContent = error.message;
        toast(error.message, "bad");
      }
    } finally {
      this.#abort = null;
      message.classList.remove("writing");
      if (failed || !words.textContent.trim()) {
        // No answer: neither it nor what was asked is part of what is said next.
        turns.pop();
      } else {
        turns.push({ role: "assistant", content: words.textContent });
      }
      watchThumbs(message, whole && { prompt: body.messages, completion: words.textContent, policy: body.model });
      message.querySelector("[data-again]").addEventListener("click", () => this.#again(message, asked));
      message.querySelector("[data-copy]").addEventListener("click", async () => {
        if (await copy(words.textContent)) toast("Copied.");
      });
      this.#follow();
    }
  }

  /** The last answer's words. */
  get lastWords() {
    return this.log.lastElementChild?.querySelector(".words")?.textContent ?? "";
  }

  #show(role) {
    const message = this.template.content.firstElementChild.cloneNode(true);
    message.classList.add(role);
    this.log.append(message);
    this.log.scrollTop = this.log.scrollHeight;
    return message;
  }

  /** Scrolls with the text unless somebody is reading further up. */
  #follow() {
    const below = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
    if (below < 120) this.log.scrollTop = this.log.scrollHeight;
  }
}

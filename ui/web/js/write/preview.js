// The text as readers will see it. The server draws it, as it draws answers elsewhere.
import { request } from "../csrf.js";
import { drawFormulas } from "../formulas.js";
import { say } from "../annotate/words.js";

const QUIET_MS = 250;

export class Preview {
  #place = document.getElementById("preview");
  #timer = 0;
  #asked = 0; // the last request, whose answer alone is shown
  #text = "";

  constructor() {
    addEventListener("online", () => this.#draw());
  }

  /** Soon, when nothing more is typed. */
  show(text) {
    if (text === this.#text) return;
    this.#text = text;
    clearTimeout(this.#timer);
    if (text.trim()) this.#timer = setTimeout(() => this.#draw(), QUIET_MS);
    else this.clear();
  }

  clear() {
    this.#text = "";
    this.#asked++;
    clearTimeout(this.#timer);
    this.#note(say("previewEmpty"));
  }

  async #draw() {
    const text = this.#text;
    const asked = ++this.#asked;
    if (!text.trim()) return;
    try {
      const { html } = await (await request("/api/markdown", { method: "POST", json: { text } })).json();
      if (asked !== this.#asked) return;
      this.#place.classList.remove("plain");
      this.#place.innerHTML = html; // made safe by the server
      drawFormulas(this.#place);
    } catch {
      if (asked !== this.#asked) return;
      this.#note(say("previewWaits"));
      this.#place.classList.add("plain");
      this.#place.append(`\n\n${text}`);
    }
  }

  #note(words) {
    const note = document.createElement("span");
    note.className = "none";
    note.textContent = words;
    this.#place.classList.remove("plain");
    this.#place.replaceChildren(note);
  }
}

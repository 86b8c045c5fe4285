// The answers as cards, in the order this annotator got, and what is said of each. A reviewer's have neither marks nor flags.
import { copy } from "../clipboard.js";
import { drawFormulas } from "../formulas.js";
import { toast } from "../toast.js";
import { at } from "./order.js";
import { flagName, letter, ordinal, say } from "./words.js";

/** Taller than this, in pixels, an answer is folded until somebody asks for all of it. */
const FOLD_ABOVE = 460;

export class Cards extends EventTarget {
  #list = document.getElementById("cards");
  #template = document.getElementById("card-template");
  #settings;
  #cards = new Map();
  #completions = new Map();
  #plain = false;
  ids = [];

  constructor(settings) {
    super();
    this.#settings = settings;
    this.#list.addEventListener("click", (event) => this.#clicked(event));
    this.#list.addEventListener("change", (event) => this.#changed(event));
  }

  /** Shows a task's answers. */
  show(task) {
    this.ids = task.completions.map((completion) => completion.id);
    this.#cards.clear();
    this.#completions = new Map(task.completions.map((completion) => [completion.id, completion]));
    this.#list.replaceChildren(...task.completions.map((completion, index) => this.#card(completion, index)));
    this.#written();
  }

  /** Shows the answers with every sign as it was written, or as Markdown and formulas mean them. */
  set plain(plain) {
    this.#plain = plain;
    for (const [id, card] of this.#cards) this.#write(card, this.#completions.get(id));
    this.#written();
  }

  get plain() {
    return this.#plain;
  }

  /** Puts the answer as it was written on the clipboard. */
  async copy(id) {
    if (!this.#completions.has(id)) return;
    if (await copy(this.#completions.get(id).text)) toast(say("copied", this.letter(id)));
  }

  clear() {
    this.ids = [];
    this.#cards.clear();
    this.#completions.clear();
    this.#list.replaceChildren();
  }

  get(id) {
    return this.#cards.get(id);
  }

  letter(id) {
    return letter(this.ids.indexOf(id));
  }

  get focused() {
    const card = document.activeElement?.closest?.(".answer");
    return card && this.#list.contains(card) ? card.dataset.id : null;
  }

  /** The card that keys act on: the one with the focus, else the one that had it last. */
  get current() {
    return this.focused ?? this.#list.querySelector('.answer[tabindex="0"]')?.dataset.id ?? this.ids[0];
  }

  focus(id, scroll = true) {
    const card = this.#cards.get(id);
    if (!card) return;
    for (const other of this.#cards.values()) other.tabIndex = other === card ? 0 : -1;
    card.focus({ preventScroll: true });
    // One that does not fit is read from its top.
    if (scroll) card.scrollIntoView({ block: card.offsetHeight > innerHeight / 2 ? "start" : "nearest" });
  }

  step(by) {
    const index = this.ids.indexOf(this.current);
    const to = this.focused === null ? index : Math.min(this.ids.length - 1, Math.max(0, index + by));
    this.focus(this.ids[to]);
  }

  /** Draws what the work says. */
  draw({ places, ratings, flags, unrankable }) {
    for (const [id, card] of this.#cards) {
      const place = unrankable ? 0 : places[id];
      const tied = place && at(this.ids, places, place).length > 1;
      card.classList.toggle("placed", Boolean(place));
      card.classList.toggle("out", Boolean(unrankable));
      const badge = card.querySelector(".answer-place");
      badge.textContent = place ? ordinal(place) + (tied ? ` ${say("tied")}` : "") : "";
      badge.hidden = !place;
      for (const button of card.querySelectorAll("[data-place]")) {
        button.setAttribute("aria-pressed", String(Number(button.dataset.place) === place));
        button.disabled = Boolean(unrankable);
      }
      for (const radio of card.querySelectorAll(".marks input")) radio.checked = Number(radio.value) === ratings[id];
      const raised = flags[id] ?? [];
      for (const box of card.querySelectorAll(".flags input")) box.checked = raised.includes(box.value);
      const toggle = card.querySelector(".flag-toggle");
      if (toggle) {
        toggle.querySelector(".flag-count").textContent = raised.length || "";
        toggle.classList.toggle("raised", raised.length > 0);
      }
      card.setAttribute(
        "aria-label",
        say(place ? (tied ? "cardTied" : "cardPlaced") : "cardUnplaced", this.letter(id), place ? ordinal(place) : ""),
      );
    }
  }

  unfold(id) {
    const card = this.#cards.get(id);
    const text = card?.querySelector(".answer-text");
    if (!text || card.querySelector(".unfold").hidden) return;
    const folded = text.classList.toggle("folded");
    const button = card.querySelector(".unfold");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = say(folded ? "showAll" : "showLess");
  }

  openFlags(id, open) {
    const card = this.#cards.get(id);
    if (!card) return;
    const flags = card.querySelector(".flags");
    flags.hidden = open === undefined ? !flags.hidden : !open;
    card.querySelector(".flag-toggle").setAttribute("aria-expanded", String(!flags.hidden));
    if (!flags.hidden) flags.querySelector("input")?.focus();
  }

  #card(completion, index) {
    const card = this.#template.content.firstElementChild.cloneNode(true);
    card.dataset.id = completion.id;
    card.tabIndex = index === 0 ? 0 : -1;
    card.querySelector(".answer-letter").textContent = letter(index);
    for (const place of card.querySelectorAll(".whose")) place.textContent = letter(index);
    this.#write(card, completion);
    const places = card.querySelector(".places");
    places.setAttribute("aria-label", say("placeOf", letter(index)));
    for (let place = 1; place <= this.ids.length; place++) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button small";
      button.tabIndex = -1;
      button.dataset.place = place;
      button.textContent = place;
      button.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-label", say("placeAt", letter(index), ordinal(place)));
      places.append(button);
    }
    this.#marks(card, index);
    this.#flags(card, index);
    this.#cards.set(completion.id, card);
    return card;
  }

  #marks(card, index) {
    const marks = card.querySelector(".marks");
    if (!marks) return;
    marks.hidden = !this.#settings.ratings;
    marks.querySelector("legend").textContent = say("qualityOf", letter(index));
    for (let mark = 1; mark <= 7; mark++) {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = `mark-${card.dataset.id}`;
      radio.value = mark;
      const text = document.createElement("span");
      text.textContent = mark;
      label.append(radio, text);
      marks.querySelector(".scale").append(label);
    }
  }

  #flags(card, index) {
    const toggle = card.querySelector(".flag-toggle");
    if (!toggle) return;
    toggle.hidden = this.#settings.flags.length === 0;
    const flags = card.querySelector(".flags");
    flags.id = `flags-${card.dataset.id}`;
    flags.setAttribute("aria-label", say("flagsOf", letter(index)));
    toggle.setAttribute("aria-controls", flags.id);
    for (const flag of this.#settings.flags) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.value = flag;
      label.append(box, flagName(flag));
      flags.append(label);
    }
  }

  #write(card, { html, text }) {
    const words = card.querySelector(".answer-text");
    words.classList.toggle("plain", this.#plain);
    if (this.#plain) words.textContent = text;
    else words.innerHTML = html; // made safe by the server
    if (!text.trim()) words.replaceChildren(blank());
  }

  #written() {
    drawFormulas(this.#list)?.then(() => this.#foldAll());
    this.#foldAll();
  }

  #foldAll() {
    this.#list.classList.add("measured"); // at their own height, not their neighbour's
    for (const card of this.#cards.values()) this.#fold(card);
    this.#list.classList.remove("measured");
  }

  #fold(card) {
    const text = card.querySelector(".answer-text");
    const tall = text.scrollHeight > FOLD_ABOVE * 1.15;
    const button = card.querySelector(".unfold");
    const open = button.getAttribute("aria-expanded") === "true"; // as somebody asked for
    text.classList.toggle("folded", tall && !open);
    button.hidden = !tall;
  }

  #clicked(event) {
    const card = event.target.closest(".answer");
    if (!card) return;
    const { id } = card.dataset;
    const place = event.target.closest("[data-place]");
    if (place) {
      this.#say("place", { id, place: Number(place.dataset.place) });
      // Off the button that the pointer pressed, so that Enter submits and does not press it again.
      if (event.detail) this.focus(id, false);
    } else if (event.target.closest(".unfold")) this.unfold(id);
    else if (event.target.closest(".copy")) this.copy(id);
    else if (event.target.closest(".flag-toggle")) this.openFlags(id);
    else if (!event.target.closest("a, label, input, button") && !String(getSelection())) this.focus(id, false);
  }

  #changed(event) {
    const { id } = event.target.closest(".answer").dataset;
    if (event.target.type === "radio") this.#say("rate", { id, mark: Number(event.target.value) });
    else {
      const boxes = event.target.closest(".flags").querySelectorAll("input:checked");
      this.#say("flag", { id, flags: [...boxes].map((box) => box.value) });
    }
  }

  #say(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** In place of an answer's words where it has none. */
function blank() {
  const words = document.createElement("p");
  words.className = "muted";
  words.textContent = say("emptyAnswer");
  return words;
}

// The order so far, a rung per place. Answers are dragged here by their grip: onto a rung to share it,
// between two rungs to push in. A finger that scrolls the page moves nothing, since only grips drag.
import { at, unplaced } from "./order.js";
import { ordinal, say } from "./words.js";

const THRESHOLD_PX = 8;
const EDGE = 0.28; // upper and lower share of a taken rung that means "between"

export class Ladder extends EventTarget {
  #rungs = document.getElementById("rungs");
  #tray = document.getElementById("tray");
  #cards;
  #texts = new Map();
  #drag = null;

  constructor(cards) {
    super();
    this.#cards = cards;
    document.addEventListener("pointerdown", (event) => this.#press(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#drag?.ghost) {
        event.stopImmediatePropagation();
        this.#end();
      }
    }, true);
  }

  show(task) {
    this.#texts = new Map(task.completions.map((completion) => [completion.id, gist(completion.text)]));
  }

  draw({ places, unrankable }) {
    const { ids } = this.#cards;
    const rungs = ids.map((_, index) => this.#rung(ids, places, index + 1));
    this.#rungs.replaceChildren(...rungs);
    this.#rungs.classList.toggle("out", Boolean(unrankable));
    const waiting = unplaced(ids, places);
    this.#tray.replaceChildren(...waiting.map((id) => this.#chip(id)));
    this.#tray.parentElement.hidden = waiting.length === 0 || Boolean(unrankable);
  }

  #rung(ids, places, place) {
    const rung = document.createElement("li");
    rung.className = "rung";
    rung.dataset.rung = place;
    const number = document.createElement("span");
    number.className = "rung-number";
    number.textContent = ordinal(place);
    const chips = document.createElement("div");
    chips.className = "rung-chips";
    const here = at(ids, places, place);
    chips.append(...here.map((id) => this.#chip(id)));
    rung.classList.toggle("vacant", here.length === 0);
    rung.append(number, chips);
    return rung;
  }

  #chip(id) {
    const chip = document.createElement("div");
    chip.className = "chip";
    chip.dataset.id = id;
    chip.dataset.grip = "";
    const name = document.createElement("b");
    name.textContent = this.#cards.letter(id);
    const words = document.createElement("span");
    words.dir = "auto";
    words.textContent = this.#texts.get(id) ?? "";
    chip.append(name, words);
    return chip;
  }

  #press(event) {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0 || this.#drag) return;
    const id = grip.dataset.id ?? grip.closest(".answer").dataset.id;
    this.#drag = { id, x: event.clientX, y: event.clientY, pointer: event.pointerId, ghost: null, target: null };
    const move = (e) => e.pointerId === this.#drag?.pointer && this.#move(e);
    const up = (e) => e.pointerId === this.#drag?.pointer && this.#drop(e);
    this.#drag.forget = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", cancel);
    };
    const cancel = () => this.#end();
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", cancel);
  }

  #move(event) {
    const drag = this.#drag;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < THRESHOLD_PX) return;
      drag.ghost = this.#chip(drag.id);
      drag.ghost.classList.add("ghost");
      document.body.append(drag.ghost);
      document.documentElement.classList.add("dragging");
    }
    event.preventDefault();
    drag.ghost.style.transform = `translate(${event.clientX + 10}px, ${event.clientY + 6}px)`;
    this.#aim(event.clientX, event.clientY);
  }

  /** Finds where the answer would fall: { place } shares a rung, { gap } pushes in. */
  #aim(x, y) {
    this.#unmark();
    this.#drag.target = null;
    const rung = document.elementFromPoint(x, y)?.closest?.(".rung");
    if (!rung) return;
    const place = Number(rung.dataset.rung);
    const box = rung.getBoundingClientRect();
    const share = (y - box.top) / box.height;
    const alone = rung.querySelectorAll(".chip").length === 0;
    if (alone || (share >= EDGE && share <= 1 - EDGE)) {
      this.#drag.target = { place };
      rung.classList.add(alone ? "aim" : "aim-tie");
    } else {
      this.#drag.target = { gap: share < EDGE ? place - 1 : place };
      rung.classList.add(share < EDGE ? "aim-above" : "aim-below");
    }
  }

  #drop() {
    const { id, target, ghost } = this.#drag;
    this.#end();
    if (!ghost) this.#cards.focus(id);
    else if (target) this.dispatchEvent(new CustomEvent("drop", { detail: { id, ...target } }));
  }

  #end() {
    this.#drag?.forget();
    this.#drag?.ghost?.remove();
    this.#unmark();
    document.documentElement.classList.remove("dragging");
    this.#drag = null;
  }

  #unmark() {
    for (const rung of this.#rungs.children) rung.classList.remove("aim", "aim-tie", "aim-above", "aim-below");
  }
}

/** The first words, without Markdown's signs. */
function gist(text) {
  const plain = text.replace(/[*_#>`[\]]/g, "").replace(/\s+/g, " ").trim();
  return plain.length > 90 ? `${plain.slice(0, 90)}…` : plain || say("emptyAnswer");
}

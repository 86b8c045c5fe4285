// What another window or device has of the same work: beside what is here, until the annotator has chosen.
const $ = (id) => document.getElementById(id);

export class Rival {
  #page;
  #kept = null; // what the server has, { id, work, at }
  #other = null; // what is not on the screen

  /**
   * The page says what it shows: id(), work(); own(id) asks the server; put(work) and keep() are for the screen and what is
   * kept of it; says(work) is the same for the same work; words(at) tells of what is offered.
   */
  constructor(page) {
    this.#page = page;
    $("rival-swap").addEventListener("click", () => this.#swap());
    $("rival-keep").addEventListener("click", () => this.#choose());
  }

  /** The server has something else than what the work here goes on from. True if that is dealt with. */
  async meet() {
    const { drafts } = this.#page;
    const id = this.#page.id();
    const own = await this.#page.own(id);
    if (this.#page.id() !== id) return true;
    if (own.submittedAt && !this.#page.revising()) return false;
    const at = own.draft ? own.draftSavedAt : null;
    if (!own.draft || drafts.isOwn(own.draft) || this.#isShown(own.draft)) await drafts.goOn(id, at);
    else this.offer({ id, work: own.draft, at }, own.draft);
    return true;
  }

  /** Kept is what the server has; other is what is not on the screen of the two. */
  offer(kept, other) {
    this.#kept = kept;
    this.#other = other;
    $("rival").hidden = false;
    $("rival").scrollIntoView({ block: "nearest" });
  }

  close() {
    this.#kept = this.#other = null;
    $("rival").hidden = true;
  }

  get isOpen() {
    return this.#other !== null;
  }

  #isShown(work) {
    return this.#page.says(work) === this.#page.says(this.#page.work());
  }

  #swap() {
    const here = this.#page.work();
    this.#page.put(this.#other);
    this.#other = here;
  }

  async #choose() {
    const { id, work, at } = this.#kept;
    const { drafts } = this.#page;
    const same = this.#isShown(work);
    this.close();
    if (same) await drafts.drop(id);
    else this.#page.keep();
    await drafts.goOn(id, at);
  }
}

// What is kept on this device, so that a lost connection or a reload costs nobody their work.
export class Device {
  #prefix;

  constructor(account) {
    this.#prefix = `laurel.${account}.`;
    this.#forgetOldDrafts();
  }

  read(name) {
    try {
      return JSON.parse(localStorage.getItem(this.#prefix + name));
    } catch {
      return null;
    }
  }

  write(name, value) {
    try {
      localStorage.setItem(this.#prefix + name, JSON.stringify(value));
      return true;
    } catch {
      return false; // storage full or forbidden: the server still has the last draft it got
    }
  }

  remove(name) {
    localStorage.removeItem(this.#prefix + name);
  }

  #forgetOldDrafts() {
    const weekAgo = Date.now() - 7 * 24 * 3600 * 1000;
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(`${this.#prefix}draft.`)) continue;
      const draft = this.read(key.slice(this.#prefix.length));
      if (!draft || draft.at < weekAgo) localStorage.removeItem(key);
    }
  }
}

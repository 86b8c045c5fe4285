// Prompts from the server to write to, and what one wrote.
import { request } from "../csrf.js";

const render = "render=html";

async function answer(url, options) {
  const got = await request(url, options);
  return got.status === 204 ? null : got.json();
}

export class Prompts {
  #base;

  constructor(project) {
    this.#base = `/api/projects/${project}/demonstrations`;
  }

  next() {
    return answer(`${this.#base}/lease?${render}`, { method: "POST", json: {} });
  }

  /** Renews, takes up again after expiry, or takes back a skip. */
  again(promptId) {
    return answer(`/api/prompts/${promptId}/demonstration/lease?${render}`, { method: "POST", json: {} });
  }

  /** A prompt that one wrote to or began with. */
  own(promptId) {
    return answer(`/api/prompts/${promptId}/demonstration?${render}`);
  }

  skip(promptId, reason) {
    return request(`/api/prompts/${promptId}/demonstration/skip`, { method: "POST", json: { reason } });
  }

  progress() {
    return answer(`${this.#base}/own/progress`);
  }

  queue(status, after = "0") {
    return answer(`${this.#base}/own?status=${status}&after=${after}&limit=20`);
  }
}

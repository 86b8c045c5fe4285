// Tasks from the server, and keeping them: the one at work and the one after it, loaded beforehand.
import { request } from "../csrf.js";

const render = "render=html";

async function task(url, options) {
  const answer = await request(url, options);
  return answer.status === 204 ? null : answer.json();
}

export class Leases {
  #project;

  constructor(project) {
    this.#project = project;
  }

  next(beside) {
    const query = beside ? `&beside=${beside}` : "";
    return task(`/api/projects/${this.#project}/tasks/lease?${render}${query}`, { method: "POST", json: {} });
  }

  /** Renews, takes up again after expiry, or takes back a skip. */
  again(taskId) {
    return task(`/api/tasks/${taskId}/lease?${render}`, { method: "POST", json: {} });
  }

  /** A task of one's own, with one's ranking if there is one. */
  async own(taskId) {
    const found = await task(`/api/tasks/${taskId}?${render}`);
    if (found.submittedAt) found.ranking = await task(`/api/tasks/${taskId}/ranking`);
    return found;
  }

  skip(taskId, reason) {
    return request(`/api/tasks/${taskId}/skip`, { method: "POST", json: { reason } });
  }

  progress() {
    return task(`/api/projects/${this.#project}/progress`);
  }

  queue(status, after = "0") {
    return task(`/api/projects/${this.#project}/queue?status=${status}&after=${after}&limit=20`);
  }
}

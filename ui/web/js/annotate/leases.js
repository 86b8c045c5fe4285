// Tasks from the server, and keeping them: the one at work and the one after it, loaded beforehand.
import { request } from "../csrf.js";

const render = "render=html";

async function task(url, options) {
  const answer = await request(url, options);
  return answer.status === 204 ? null : answer.json();
}

async function withRanking(found) {
  if (found?.submittedAt) found.ranking = await task(`/api/tasks/${found.id}/ranking`);
  return found;
}

export class Leases {
  #project;

  constructor(project) {
    this.#project = project;
  }

  /** With one's ranking if it was sent back. */
  async next(beside) {
    const query = beside ? `&beside=${beside}` : "";
    return withRanking(await task(`/api/projects/${this.#project}/tasks/lease?${render}${query}`, { method: "POST", json: {} }));
  }

  /** Renews, takes up again after expiry, or takes back a skip. */
  again(taskId) {
    return task(`/api/tasks/${taskId}/lease?${render}`, { method: "POST", json: {} });
  }

  /** A task of one's own, with one's ranking if there is one. */
  async own(taskId) {
    return withRanking(await task(`/api/tasks/${taskId}?${render}`));
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

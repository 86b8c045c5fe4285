// Cookie sessions are protected by a token that only our own pages can read.
import { toast } from "./toast.js";

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** fetch() with the CSRF header; a plain object as `json` becomes the body. Throws an Error that says what the server said. */
export async function request(url, { json, headers = {}, ...options } = {}) {
  const answer = await fetch(url, {
    ...options,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    headers: {
      Accept: "application/json",
      "X-CSRF-Token": csrfToken(),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
  });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    const error = new Error(problem.detail || problem.title || `${answer.status} ${answer.statusText}`);
    error.status = answer.status;
    error.problem = problem;
    throw error;
  }
  return answer;
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = csrfToken();
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  let said = "";
  try {
    const problem = JSON.parse(xhr.responseText);
    said = problem.detail || problem.title || "";
  } catch {
    // Not a problem document.
  }
  if (xhr.status === 401) location.assign("/sign-in");
  else toast(said || `The server answered ${xhr.status}. Nothing was changed.`, "bad");
});

document.addEventListener("htmx:sendError", () => {
  toast("The server cannot be reached. Check the connection and try again.", "bad");
});

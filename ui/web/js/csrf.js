// Cookie sessions are protected by a token that only our own pages can read.
import { toast } from "./toast.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`);

export const csrfToken = () => meta("csrf-token")?.content ?? "";

/** fetch() with the CSRF header; a plain object as `json` becomes the body. Throws an Error that says what the server said. */
export async function request(url, options) {
  let answer = await send(url, options);
  if (answer.status === 403 && (await renewToken())) answer = await send(url, options);
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** Whether the same request will be refused the next time, too: the server has read it and does not take it. */
export const isRefusal = ({ status }) => status >= 400 && status < 500 && ![401, 408, 429].includes(status);

function send(url, { json, headers = {}, ...options } = {}) {
  return fetch(url, {
    ...options,
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    headers: {
      Accept: "application/json",
      "X-CSRF-Token": csrfToken(),
      ...(json === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
  });
}

async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  return problemError(answer.status, problem.detail || problem.title || `${answer.status} ${answer.statusText}`, problem);
}

function problemError(status, words, problem = {}) {
  const error = new Error(words);
  error.status = status;
  error.problem = problem;
  return error;
}

/**
 * After signing in again, in another tab say, the session has another token than this page was made with. Takes the
 * new one and says whether there was one. Throws 401 if nobody is signed in, or somebody other than this page's reader.
 */
async function renewToken() {
  const answer = await fetch("/api/session", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw await refusal(answer);
  const session = await answer.json();
  if (session.accountId !== meta("account").content) {
    throw problemError(401, "Somebody else is signed in in this browser now. Nothing was changed.");
  }
  if (session.csrfToken === csrfToken()) return false;
  meta("csrf-token").content = session.csrfToken;
  return true;
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

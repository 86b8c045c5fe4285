// The project's page: import, sampling and invitations by the same API that scripts use.
import { copy } from "./clipboard.js";
import { request } from "./csrf.js";
import { submitJson, values } from "./form.js";
import { idempotencyKey } from "./key.js";
import { toast } from "./toast.js";

const project = document.getElementById("project").dataset.project;
const base = `/api/projects/${project}`;

/* Import */
const importForm = document.getElementById("import-form");
const text = document.getElementById("import-text");
const drop = document.getElementById("import-drop");
const file = document.getElementById("import-file");
const result = document.getElementById("import-result");
const MOST_TOLD = 100; // the server names no more wrong lines of a file
let chosen = null;

function choose(from) {
  chosen = from ?? null;
  drop.firstChild.nextSibling.textContent = chosen ? ` ${chosen.name} (${Math.ceil(chosen.size / 1024)} KB) ` : " Drop a file here, or ";
  text.disabled = Boolean(chosen);
}

file.addEventListener("change", () => choose(file.files[0]));
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  choose(event.dataTransfer.files[0]);
});

const kinds = importForm.elements.kind;
function explain() {
  for (const part of importForm.querySelectorAll("[data-kind]")) {
    part.hidden = part.dataset.kind !== kinds.value;
    for (const field of part.querySelectorAll("input")) field.disabled = part.hidden;
  }
}
kinds.addEventListener("change", explain);
explain(); // a browser that goes back restores the choice

function query() {
  const asked = new URLSearchParams();
  for (const name of ["overlap", "priority"]) {
    const { value, disabled } = importForm.elements[name];
    if (value && !disabled) asked.set(name, value);
  }
  if (importForm.elements.partial.checked) asked.set("partial", "true");
  return `?${asked}`;
}

function report(kind, headline, errors = []) {
  result.className = `callout ${kind}`;
  const words = document.createElement("div");
  const first = document.createElement("p");
  first.textContent = headline;
  words.append(first);
  if (errors.length) {
    const list = document.createElement("ul");
    list.className = "small import-errors";
    for (const { line, field, message } of errors) {
      const item = document.createElement("li");
      item.textContent = [line && `Line ${line}`, field, message].filter(Boolean).join(": ");
      list.append(item);
    }
    words.append(list);
  }
  result.replaceChildren(words);
  result.hidden = false;
}

importForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = chosen ?? text.value;
  if (!chosen && !body.trim()) {
    report("warn", "Paste some lines or choose a file first.");
    return;
  }
  const button = importForm.querySelector('[type="submit"]');
  button.disabled = true;
  try {
    const answer = await request(`${base}/${kinds.value}${query()}`, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/x-ndjson", "Idempotency-Key": idempotencyKey() },
    });
    const { imported, duplicates, rejected, errors } = await answer.json();
    report(
      rejected ? "warn" : "good",
      `${imported} imported, ${duplicates} there already, ${rejected} refused.`,
      errors,
    );
    choose(null);
    text.value = "";
    importForm.closest("dialog").addEventListener("close", () => location.reload(), { once: true });
  } catch (error) {
    const faults = error.problem?.errors ?? [];
    const lines = faults.filter(({ line }) => line).length;
    const wrong = lines === 1 ? "a line is wrong" : `${lines}${lines === MOST_TOLD ? " lines or more" : " lines"} are wrong`;
    report("bad", lines ? `Nothing was imported: ${wrong}.` : `Nothing was imported. ${error.message}`, faults);
  } finally {
    button.disabled = false;
  }
});

/* Sampling */
submitJson(document.getElementById("sample-form"), `${base}/samplings`, () => location.reload(), {
  body: (form) => {
    const { n, rewardModel, ...asked } = values(form);
    return n === undefined ? asked : { ...asked, bestOf: { n, rewardModel } };
  },
});

document.addEventListener("click", async (event) => {
  const cancel = event.target.closest("[data-cancel-sampling]");
  if (!cancel) return;
  cancel.disabled = true;
  try {
    await request(`/api/samplings/${cancel.dataset.cancelSampling}/cancel`, { method: "POST", headers: { "Idempotency-Key": idempotencyKey() } });
  } catch (error) {
    toast(error.message, "bad");
    cancel.disabled = false;
  }
});

// The list stops asking when nothing is under way any more; the rest of the page has changed then, too.
document.addEventListener("htmx:beforeSwap", (event) => {
  const before = event.detail.target;
  if (before.id === "samplings" && !event.detail.serverResponse.includes("data-sampling")) location.reload();
});

/* Invitation */
const inviteForm = document.getElementById("invite-form");
const address = document.getElementById("invite-address");
const link = document.getElementById("invite-link");
const known = document.getElementById("invite-known");
inviteForm.addEventListener("submit", () => {
  link.hidden = known.hidden = true;
});
submitJson(
  inviteForm,
  "/api/annotators",
  async ({ invitation }) => {
    address.value = new URL(invitation, location.href).href;
    link.hidden = false;
    address.focus();
    address.select();
    if (await copy(address.value)) toast("The link is on the clipboard.");
  },
  {
    body: (form) => ({ email: form.elements.email.value.trim(), language: form.elements.language.value, project }),
    // Whoever has an account needs no link, only the project.
    refused: async (error, form) => {
      if (error.status !== 409) throw error;
      const answer = await request(`${base}/members`, {
        method: "POST",
        json: { email: form.elements.email.value.trim() },
        headers: { "Idempotency-Key": idempotencyKey() },
      });
      const { email, everywhere } = await answer.json();
      known.lastElementChild.textContent = everywhere
        ? `${email} has an account and works in every project already.`
        : `${email} has an account, and works in this project from now on. No link is needed.`;
      known.hidden = false;
    },
  },
);
address.addEventListener("focus", () => address.select());

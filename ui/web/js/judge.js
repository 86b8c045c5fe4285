// The page of a project's judges: begins one, lets its votes be used, keeps the rubric.
import { request } from "./csrf.js";
import { submitJson, values } from "./form.js";
import { idempotencyKey } from "./key.js";
import { toast } from "./toast.js";

const project = document.getElementById("judge").dataset.project;
const kind = document.getElementById("judge-kind");
const form = document.getElementById("begin-form");

/** Only the fields of the judge that was chosen. */
function show() {
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = part.dataset.for !== kind.value;
    part.querySelector("input, select").disabled = part.hidden;
  }
}
kind.addEventListener("change", show);
show();

const questions = document.getElementById("judge-questions");
const rule = questions.textContent;
let counting = 0;

/** Says how many questions the form as it is would ask; nothing while it does not yet say whom. */
async function count() {
  const mine = ++counting;
  const asked = values(form);
  const named = kind.value === "endpoint" ? asked.model || form.elements.model.placeholder : asked.policy;
  let words = rule;
  if (named && form.checkValidity()) {
    try {
      const answer = await request(`/api/projects/${project}/judgings/plan`, { method: "POST", json: asked });
      const plan = await answer.json();
      words = `${plan.questions} questions: ${plan.calibrationPairs} pairs of people and ${plan.votePairs} pairs to vote on, each asked about in both orders.${kind.value === "endpoint" ? " The endpoint is asked again where it fails or its reply cannot be read." : ""}`;
    } catch {
      // what is wrong is said when the form is sent
    }
  }
  if (mine === counting) questions.textContent = words;
}

let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(count, 300);
});

submitJson(form, `/api/projects/${project}/judgings`, () => location.reload());
submitJson(document.getElementById("rubric-form"), `/api/projects/${project}/rubric`, () => location.reload(), {
  method: "PUT",
  body: (rubric) => ({ text: values(rubric).text ?? "" }),
});

document.addEventListener("click", async (event) => {
  if (event.target.closest('[data-open="begin"]')) count();
  const button = event.target.closest("[data-judging-action]");
  if (!button) return;
  button.disabled = true;
  const { judging } = button.closest("[data-judging]").dataset;
  try {
    await request(`/api/judgings/${judging}/${button.dataset.judgingAction}`, { method: "POST", headers: { "Idempotency-Key": idempotencyKey() } });
    await refresh();
  } catch (error) {
    toast(error.message, "bad");
    button.disabled = false;
  }
});

/** The list as it is now; while something runs it comes by itself. */
async function refresh() {
  await window.htmx.ajax("GET", `/projects/${project}/judge/judgings`, { target: "#judgings", swap: "outerHTML" });
}

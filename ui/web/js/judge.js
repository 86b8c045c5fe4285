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

submitJson(form, `/api/projects/${project}/judgings`, () => location.reload());
submitJson(document.getElementById("rubric-form"), `/api/projects/${project}/rubric`, () => location.reload(), {
  method: "PUT",
  body: (rubric) => ({ text: values(rubric).text ?? "" }),
});

document.addEventListener("click", async (event) => {
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

// The page of one task's rankings: <button data-decide="X"> opens the dialog X, whose form sends the decision on that ranking.
import { request } from "./csrf.js";
import { submitJson, values } from "./form.js";
import "./times.js";
import { toast } from "./toast.js";

let chosen = null; // the ranking that is decided on, and its version as shown

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-decide]");
  if (!button) return;
  if (button.dataset.shown) document.getElementById("return-letters").textContent = letters(button.dataset.shown);
  chosen = { id: button.dataset.ranking, version: Number(button.dataset.version) };
  document.getElementById(button.dataset.decide).showModal();
});

/* Whether the task is a silent check */
document.getElementById("check-switch")?.addEventListener("click", async ({ currentTarget: button }) => {
  button.disabled = true;
  try {
    await request(`/api/tasks/${button.dataset.task}/check`, { method: button.dataset.method });
    location.reload();
  } catch (error) {
    toast(error.message, "bad");
    button.disabled = false;
  }
});

/** Everybody sees the answers in an order of their own, lettered from the top: what they are called there. */
function letters(shown) {
  const there = shown.split(" ").map((here, index) => `${here} is ${String.fromCharCode(65 + index)}`);
  return `The annotator’s page letters the answers otherwise: ${there.sort().join(", ")} there.`;
}

for (const dialog of document.querySelectorAll("dialog")) {
  submitJson(dialog.querySelector("form"), () => `/api/rankings/${chosen.id}/${dialog.id}`, () => location.reload(), {
    body: (form) => ({ ...values(form), version: chosen.version }),
  });
}

// The page of one task's rankings: <button data-decide="X"> opens the dialog X, whose form sends the decision on that ranking.
import { submitJson, values } from "./form.js";
import "./times.js";

let chosen = null; // the ranking that is decided on, and its version as shown

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-decide]");
  if (!button) return;
  chosen = { id: button.dataset.ranking, version: Number(button.dataset.version) };
  document.getElementById(button.dataset.decide).showModal();
});

for (const dialog of document.querySelectorAll("dialog")) {
  submitJson(dialog.querySelector("form"), () => `/api/rankings/${chosen.id}/${dialog.id}`, () => location.reload(), {
    body: (form) => ({ ...values(form), version: chosen.version }),
  });
}

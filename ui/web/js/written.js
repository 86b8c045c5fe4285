// The list of demonstrations: <button data-decide="X"> opens the dialog X, whose form sends the decision on that demonstration.
import { submitJson } from "./form.js";
import "./times.js";

let chosen = null; // the demonstration that is decided on

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-decide]");
  if (!button) return;
  chosen = button.dataset.demonstration;
  document.getElementById(button.dataset.decide).showModal();
});

for (const dialog of document.querySelectorAll("dialog")) {
  submitJson(dialog.querySelector("form"), () => `/api/demonstrations/${chosen}/${dialog.id}`, () => location.reload());
}

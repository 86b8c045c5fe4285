import "./times.js";
import { submitJson } from "./form.js";

const form = document.getElementById("launch-form");

/** Only what was filled in: the trainers know their defaults. */
function asked() {
  const round = { steps: ["reward", "ppo"] };
  for (const field of form.querySelectorAll("input")) {
    if (field.value === "") continue;
    const { step } = field.dataset;
    if (step) (round[step] ??= {})[field.name] = Number(field.value);
    else round[field.name] = Number(field.value);
  }
  return round;
}

submitJson(
  form,
  `/api/projects/${form?.dataset.project}/rounds`,
  (round) => location.assign(`/rounds/${round.id}`),
  { body: asked },
);

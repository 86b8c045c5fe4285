import "./times.js";
import { request } from "./csrf.js";
import { submitJson } from "./form.js";

const form = document.getElementById("launch-form");

const method = document.getElementById("launch-method");
const first = document.getElementById("launch-sft");

function steps() {
  return [first.value, ...method.value.split(",")].filter((step) => step !== "");
}

/** Shows the settings of the steps that were chosen; those of others neither count nor hold up the form. */
function show() {
  if (method.value === "") first.value = "sft";
  const chosen = steps();
  for (const part of form.querySelectorAll("[data-of]")) part.hidden = part.disabled = !chosen.includes(part.dataset.of);
}

method.addEventListener("change", show);
first.addEventListener("change", show);
show();

/** An encoder has defaults of its own. */
const backbone = document.getElementById("reward-backbone");
backbone?.addEventListener("change", () => {
  for (const field of form.querySelectorAll("[data-with-minilm]")) {
    const { withMinilm, standard } = field.dataset;
    const shown = backbone.value === "minilm" ? withMinilm : standard;
    if (field.localName === "option") field.textContent = `${shown}, the default`;
    else field.placeholder = shown;
  }
});

function value({ name, value: text, dataset, localName }) {
  if (dataset.kind === "JSON") {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`${name} is not JSON: ${error.message}`);
    }
  }
  if (dataset.kind === "BOOLEAN") return text === "true";
  return localName === "select" ? text : Number(text);
}

/** Only what was filled in: the trainers know their defaults. */
function asked() {
  const round = { steps: steps() };
  const votes = document.getElementById("launch-votes");
  if (votes) round.votes = votes.value;
  for (const field of form.querySelectorAll("input, textarea, select[data-step]")) {
    if (field.value.trim() === "" || field.matches(":disabled")) continue;
    const { step } = field.dataset;
    if (step) (round[step] ??= {})[field.name] = value(field);
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

const advice = document.getElementById("advice");
const percent = (share) => `${Math.round(100 * share)} %`;

/** What the instant fit says; asked again while it is still being made. */
async function advise() {
  const answer = await request(`/api/projects/${advice.dataset.project}/instant-fit`);
  const { status, read, toRead, fit, advice: given } = await answer.json();
  if (status === "none") return;
  advice.hidden = false;
  document.getElementById("advice-why").textContent = given.why;
  const words = document.getElementById("advice-fit");
  if (status === "reading") words.textContent = `Reading ${read} of ${toRead} answers.`;
  if (fit) {
    words.textContent = `Instant fit on frozen embeddings: ${percent(fit.heldOutAccuracy)} of choices on prompts left out, over ${fit.comparisons} comparisons; by length alone ${percent(fit.lengthOnly)}.`;
  }
  if (status === "reading" || (fit && read < toRead)) setTimeout(() => advise().catch(() => {}), 5000);
}

if (advice) advise().catch(() => {});

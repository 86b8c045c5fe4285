// The page that compares policies: begins a comparison, ends it, promotes the better policy.
import { request } from "./csrf.js";
import { submitJson } from "./form.js";
import { idempotencyKey } from "./key.js";
import "./times.js";
import { toast } from "./toast.js";

const { project, policy } = document.getElementById("compare").dataset;
const address = `/projects/${project}/evaluations`;

// Come from a round or the list of models: the policy to compare is named.
if (policy) document.getElementById("begin").showModal();

submitJson(document.getElementById("begin-form"), `/api${address}`, () => location.assign(address));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-evaluation-action]");
  if (!button) return;
  button.disabled = true;
  const card = button.closest("[data-evaluation]").dataset;
  const promote = button.dataset.evaluationAction === "promote";
  const url = promote ? `/api/policies/${card.policy}/promote` : `/api/evaluations/${card.evaluation}/cancel`;
  try {
    const answer = await request(url, { method: "POST", json: {}, headers: { "Idempotency-Key": idempotencyKey() } });
    if (promote) toast(`${(await answer.json()).name} is served from now on.`);
    await refresh();
  } catch (error) {
    toast(error.message, "bad");
    button.disabled = false;
  }
});

/** The list as it is now; while something may change it comes by itself. */
async function refresh() {
  await window.htmx.ajax("GET", `${address}/found`, { target: "#evaluations", swap: "outerHTML" });
}

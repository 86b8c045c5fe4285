// A form whose fields become the JSON body of a request; what the server finds wrong is shown at the field it names.
import { request } from "./csrf.js";
import { idempotencyKey } from "./key.js";

/** Fields as an object: empty ones are left out, numbers are numbers, check boxes are booleans. */
export function values(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.type === "submit") continue;
    if (field.type === "checkbox") found[field.name] = field.checked;
    else if (field.type === "radio") {
      if (field.checked) found[field.name] = field.value;
    } else if (field.value.trim() !== "") {
      found[field.name] = field.type === "number" || field.dataset.number !== undefined ? Number(field.value) : field.value.trim();
    }
  }
  return found;
}

export function showProblem(form, error) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const words = (error.problem?.errors ?? []).map(({ field, message }) => {
    const [name, step] = (field ?? "").split(".").reverse();
    const input = step && form.querySelector(`[data-step="${CSS.escape(step)}"][name="${CSS.escape(name)}"]`);
    const shown = input || form.elements[name];
    shown?.setAttribute?.("aria-invalid", "true");
    shown?.closest?.("details")?.setAttribute("open", "");
    return field ? `${field}: ${message}` : message;
  });
  const place = form.querySelector('[role="alert"]');
  place.textContent = words.length ? words.join("; ") : error.message;
  place.hidden = false;
}

const refusedForGood = async (error) => {
  throw error;
};

/** Sends the form by fetch and hands the answer to `then`, or the error to `refused`, whose own errors are shown; each sending has an idempotency key of its own. */
export function submitJson(form, url, then, { method = "POST", body = values, refused = refusedForGood } = {}) {
  // A field that is folded away cannot show what is wrong with it, and the browser says nothing in its place.
  form?.addEventListener("invalid", ({ target }) => target.closest("details")?.setAttribute("open", ""), true);
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector('[type="submit"]');
    button.disabled = true;
    form.querySelector('[role="alert"]').hidden = true;
    try {
      const headers = method === "POST" ? { "Idempotency-Key": idempotencyKey() } : {};
      const answer = await request(typeof url === "function" ? url(form) : url, { method, json: body(form), headers });
      await then(answer.status === 204 ? null : await answer.json(), form);
    } catch (error) {
      await refused(error, form).catch((further) => showProblem(form, further));
    } finally {
      button.disabled = false;
    }
  });
}

import { submitJson, values } from "./form.js";
import { toast } from "./toast.js";

const form = document.getElementById("settings-form");
let dirty = false;
form.addEventListener("input", () => (dirty = true));
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

function change(from) {
  // What is left out stays as it was: a field that was emptied says so.
  const { name, guidelines = "", overlap, completionsPerPrompt, flags = "", ...others } = values(from);
  const settings = { rationaleMinimum: 0, ...others, flags: flags.split(",").map((flag) => flag.trim()).filter(Boolean) };
  return { name, guidelines, overlap, completionsPerPrompt, settings };
}

submitJson(
  form,
  `/api/projects/${form.dataset.project}`,
  () => {
    dirty = false;
    toast("Saved.");
    location.reload();
  },
  { method: "PATCH", body: change },
);

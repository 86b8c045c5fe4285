import { submitJson, values } from "./form.js";
import { toast } from "./toast.js";

const form = document.getElementById("settings-form");
let dirty = false;
form.addEventListener("input", () => (dirty = true));
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

submitJson(
  form,
  `/api/projects/${form.dataset.project}`,
  () => {
    dirty = false;
    toast("Saved.");
    location.reload();
  },
  { method: "PATCH", body: (from) => ({ guidelines: "", ...values(from) }) },
);

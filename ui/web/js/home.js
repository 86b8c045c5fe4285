import { submitJson } from "./form.js";

submitJson(document.getElementById("new-project-form"), "/api/projects", (project) => {
  location.assign(`/projects/${project.id}`);
});

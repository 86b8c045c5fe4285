// A thumb up or down on an answer, kept in a project for KTO to learn from. Pressing it again takes it back.
import { request } from "../csrf.js";
import { toast } from "../toast.js";

const KEPT = "laurel.thumbs-project";
const project = document.getElementById("thumbs-project");
const pressed = (button) => button.getAttribute("aria-pressed") === "true";

/** The buttons of an answer; those of one that broke off (no opinion) go away. */
export function watchThumbs(message, opinion) {
  const buttons = [...message.querySelectorAll("[data-thumb]")];
  if (!buttons.length) return;
  if (!opinion || !opinion.completion.trim()) {
    buttons[0].parentElement.remove();
    return;
  }
  for (const button of buttons) button.addEventListener("click", () => give(buttons, button, opinion));
}

async function give(buttons, button, opinion) {
  const up = pressed(button) ? null : button.dataset.thumb === "up";
  for (const other of buttons) other.setAttribute("aria-disabled", "true");
  try {
    await request(`/api/projects/${project.value}/thumb`, { method: "PUT", json: { ...opinion, up } });
    for (const other of buttons) other.setAttribute("aria-pressed", String(up !== null && other === button));
  } catch (error) {
    toast(`The thumb was not kept. ${error.message}`, "bad");
  } finally {
    for (const other of buttons) other.removeAttribute("aria-disabled");
  }
}

if (project) {
  const kept = localStorage.getItem(KEPT);
  if ([...project.options].some((option) => option.value === kept)) project.value = kept;
  project.addEventListener("change", () => {
    localStorage.setItem(KEPT, project.value);
    // what was given went to the other project
    for (const button of document.querySelectorAll("[data-thumb]")) button.setAttribute("aria-pressed", "false");
  });
}

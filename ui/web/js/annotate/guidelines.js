// The project's guidelines above the work: open until this version of them was read once.
const $ = (id) => document.getElementById(id);

export function keepGuidelines(device, project) {
  const guidelines = $("guidelines");
  if (!guidelines) return;
  const read = `guidelines.${project}`;
  guidelines.open = device.read(read) !== guidelines.dataset.version;
  guidelines.addEventListener("toggle", () => !guidelines.open && device.write(read, guidelines.dataset.version));
}

export function toggleGuidelines() {
  const guidelines = $("guidelines");
  if (guidelines) guidelines.open = !guidelines.open;
}

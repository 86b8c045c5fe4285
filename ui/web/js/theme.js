// Light or dark: the system's choice until a person makes another, which is remembered.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function show() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.querySelector("use")?.setAttribute("href", `/icons.svg#${isDark() ? "sun" : "moon"}`);
  }
  document.dispatchEvent(new CustomEvent("laurel:theme", { detail: { dark: isDark() } }));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const next = isDark() ? "light" : "dark";
  root.dataset.theme = next;
  try {
    localStorage.setItem("laurel.theme", next);
  } catch {
    // Not remembered, but shown.
  }
  show();
});
system.addEventListener("change", show);
show();

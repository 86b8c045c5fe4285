// Runs before the first paint, so that a forced theme never flashes the other one.
try {
  const theme = localStorage.getItem("laurel.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be refused; the system's theme applies then.
}

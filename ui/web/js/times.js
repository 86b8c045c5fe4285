// Instants as the person's own clock says them.
const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

export const local = (instant) => format.format(new Date(instant));

export function duration(from, to = new Date()) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function show(part) {
  for (const time of part.querySelectorAll("time[datetime]")) time.textContent = local(time.dateTime);
}

show(document);
// what comes into the page later
document.addEventListener("htmx:load", ({ target }) => show(target));

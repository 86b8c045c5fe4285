// Instants as the person's own clock says them.
const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

export const local = (instant) => format.format(new Date(instant));

export function duration(from, to = new Date()) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

const UNITS = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

/** As "3 minutes ago"; beyond a week the day says more. */
export function ago(instant, now = Date.now()) {
  const seconds = Math.round((new Date(instant) - now) / 1000);
  if (Math.abs(seconds) > 7 * 86_400) return local(instant);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  return relative.format(Math.trunc(seconds / size), unit);
}

function show(part) {
  for (const time of part.querySelectorAll("time[datetime]")) {
    const near = time.dataset.relative !== undefined;
    time.textContent = near ? ago(time.dateTime) : local(time.dateTime);
    if (near) time.title = local(time.dateTime);
  }
}

show(document);
// what comes into the page later
document.addEventListener("htmx:load", ({ target }) => show(target));

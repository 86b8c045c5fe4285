// The keyboard of the page for writing: single keys work outside the text.
import { isTurnedOff, keysArePaused } from "../annotate/keys.js";

const TEXT = 'textarea, input:not([type="radio"], [type="checkbox"])';

/** Calls actions[name]() for the key pressed; each stands in the key sheet. */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") || keysArePaused()) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter") return event.repeat ? event.preventDefault() : take(event, actions.submit);
    if (command && event.key.toLowerCase() === "s") return take(event, actions.save);
    if (command || event.altKey) return;
    const typing = event.target.matches?.(TEXT);
    if (event.key === "Escape") return take(event, typing ? actions.leaveText : actions.leave);
    if (typing || event.repeat || isTurnedOff(event)) return;
    const named = {
      e: actions.write,
      v: actions.preview,
      f: actions.flags,
      s: actions.skip,
      p: actions.previous,
      w: actions.work,
      g: actions.guidelines,
      "?": actions.help,
    }[event.key.toLowerCase()];
    if (named) take(event, named);
  });
}

function take(event, action) {
  event.preventDefault();
  action();
}

// The keyboard. Digits go by their position on the board, so that layouts where they need Shift work too.
const TEXT = 'textarea, input:not([type="radio"], [type="checkbox"]), [contenteditable]';

/** Shorter than this, milliseconds, is no pause of somebody who types. */
const PAUSE = 1000;

let lastKey = 0; // when it was pressed
let paused = false;
let single = true; // letters, digits and signs are commands

for (const sign of ["keydown", "pointerdown"]) {
  addEventListener(
    sign,
    (event) => {
      if (event.type === "pointerdown" || event.timeStamp - lastKey > PAUSE) paused = false;
      lastKey = event.timeStamp;
    },
    { capture: true },
  );
}

/** The page goes on to something else by itself: what somebody is typing just now are no commands. */
export const pauseKeys = () => (paused = true);
export const keysArePaused = () => paused;

/** Whoever dictates, or presses keys by mistake, can turn single keys off on this device (WCAG 2.1.4). */
export function keepSingleKeys(device) {
  const box = document.getElementById("single-keys");
  single = box.checked = device.read("single-keys") !== false;
  box.addEventListener("change", () => {
    single = box.checked;
    device.write("single-keys", single);
  });
}

/** Whether the key is no command although nobody is typing. */
export const isTurnedOff = ({ key }) => !single && key.length === 1;

/** Calls actions[name](argument) for the key pressed within `root`; each stands in the key sheet. */
export function listen(actions, root = document) {
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const typing = event.target.matches?.(TEXT);
    // Held down, Enter is pressed once: on a button, too.
    if (event.key === "Enter" && event.repeat && (command || !typing)) return event.preventDefault();
    // What is behind a dialog is not sent from it.
    if (document.querySelector("dialog[open]") || paused) return;
    if (command && event.key === "Enter") return take(event, actions.submit);
    if (command && event.key.toLowerCase() === "s") return take(event, actions.save);
    if (typing) {
      if (event.key === "Escape") take(event, actions.leaveText);
      return;
    }
    if (command && event.key.toLowerCase() === "z") return take(event, actions.undo);
    if (command || isTurnedOff(event)) return;
    const digit = /^(Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit) {
      const number = Number(digit[2]);
      const mark = event.shiftKey && digit[1] === "Digit";
      if (!event.altKey) take(event, () => (mark ? actions.rate(number) : actions.place(number)));
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && (event.altKey || event.shiftKey)) return take(event, () => actions.move(step));
    if (event.altKey) return;
    // Inside a group of radio buttons the arrows are the browser's.
    const inRadios = event.target.matches?.('input[type="radio"]');
    if (step && !inRadios) return take(event, () => actions.step(step));
    if ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] && !inRadios) {
      return take(event, () => actions.step({ ArrowLeft: -1, ArrowRight: 1 }[event.key]));
    }
    if (event.key === "Enter") {
      // Enter on a link or button is that button's.
      if (!event.target.closest("a, button, summary, [role=button]")) take(event, actions.submit);
      return;
    }
    if (event.key === "Escape") return take(event, actions.leave);
    if (event.key === "Backspace" || event.key === "Delete") return take(event, actions.unplace);
    const named = {
      j: () => actions.step(1),
      k: () => actions.step(-1),
      t: actions.tie,
      "=": actions.tie,
      u: actions.undo,
      n: actions.none,
      s: actions.skip,
      p: actions.previous,
      f: actions.flags,
      r: actions.rationale,
      d: actions.strength,
      e: actions.unfold,
      c: actions.copy,
      m: actions.plain,
      g: actions.guidelines,
      w: actions.work,
      "?": actions.help,
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (named && !event.repeat) take(event, named);
  });
}

function take(event, action) {
  if (!action) return;
  event.preventDefault();
  action();
}

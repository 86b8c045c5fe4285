// The keyboard. Digits go by their position on the board, so that layouts where they need Shift work too.
const TEXT = 'textarea, input:not([type="radio"], [type="checkbox"]), [contenteditable]';

/** Calls actions[name](argument) for the key pressed within `root`; each stands in the key sheet. */
export function listen(actions, root = document) {
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const typing = event.target.matches?.(TEXT);
    // Held down, Enter is pressed once: on a button, too.
    if (event.key === "Enter" && event.repeat && (command || !typing)) return event.preventDefault();
    // What is behind a dialog is not sent from it.
    if (document.querySelector("dialog[open]")) return;
    if (command && event.key === "Enter") return take(event, actions.submit);
    if (command && event.key.toLowerCase() === "s") return take(event, actions.save);
    if (typing) {
      if (event.key === "Escape") take(event, actions.leaveText);
      return;
    }
    if (command && event.key.toLowerCase() === "z") return take(event, actions.undo);
    if (command) return;
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

// Short notices at the corner of the page. Bad news stays until it is closed.
const place = () => document.getElementById("toasts");

/** With an action {label, run} there is a button for it. */
export function toast(text, kind = "", action = null) {
  const shelf = place();
  if (!shelf) return;
  const note = document.createElement("div");
  note.className = `toast ${kind}`;
  const words = document.createElement("div");
  words.className = "grow";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", "Close");
  const remove = () => {
    note.remove();
    if (!shelf.childElementCount) shelf.hidePopover?.();
  };
  close.addEventListener("click", remove);
  note.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = action.label;
    button.addEventListener("click", action.run);
    note.append(button);
  }
  note.append(close);
  shelf.append(note);
  // A popover is drawn above the dialogs that were opened before it.
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover?.();
  if (kind !== "bad") setTimeout(remove, 6000);
}

// A response header HX-Trigger: {"toast": {"text": "...", "kind": "bad"}} shows one, too.
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.kind));

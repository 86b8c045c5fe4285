// Why work is given back.
import { say } from "./words.js";

/** What the skip form says, in one line. */
export function skipReason(form) {
  const data = new FormData(form);
  return [data.get("reason"), data.get("words")].filter(Boolean).join(": ") || say("noReason");
}

// Tells the annotator of a request that failed and is not sent again by itself.
import { toast } from "../toast.js";
import { say } from "./words.js";

export function complain(error) {
  // A connection comes back by itself, and the notice goes by itself.
  toast(complaint(error), error.status ? "bad" : "");
}

export function complaint(error) {
  if (!error.status) return say("noConnection");
  if (error.status === 401) return say("signedOut");
  // Conflicts are put in words for programs.
  return error.status === 409 ? say("notFree") : error.message;
}

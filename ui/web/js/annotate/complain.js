// Tells the annotator of a request that failed and is not sent again by itself.
import { toast } from "../toast.js";
import { say } from "./words.js";

export function complain(error) {
  // A connection comes back by itself, and the notice goes by itself.
  if (!error.status) toast(say("noConnection"));
  else if (error.status === 401) toast(say("signedOut"), "bad");
  // Conflicts are put in words for programs.
  else if (error.status === 409) toast(say("notFree"), "bad");
  else toast(error.message, "bad");
}

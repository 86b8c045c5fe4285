// A notice that survives a redirect: web.Flash puts it in a cookie that is read once.
import { toast } from "./toast.js";

const found = document.cookie.split("; ").find((cookie) => cookie.startsWith("laurel-flash="));
if (found) {
  document.cookie = "laurel-flash=; Path=/; Max-Age=0; SameSite=Strict";
  toast(decodeURIComponent(found.slice("laurel-flash=".length)));
}

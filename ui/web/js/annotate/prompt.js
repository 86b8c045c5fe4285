// The conversation that is answered.
import { drawFormulas } from "../formulas.js";
import { say } from "./words.js";

export function showPrompt(messages) {
  const place = document.getElementById("prompt");
  place.replaceChildren(
    ...messages.map(({ role, html }) => {
      const message = document.createElement("div");
      message.className = `message prose ${role === "assistant" || role === "system" ? role : "user"}`;
      message.dir = "auto";
      message.innerHTML = html; // made safe by the server
      message.setAttribute("role", "group");
      message.setAttribute("aria-label", say(`role${role[0].toUpperCase()}${role.slice(1)}`));
      return message;
    }),
  );
  drawFormulas(place);
}

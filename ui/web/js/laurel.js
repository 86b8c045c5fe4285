// What every page needs. A page's own module comes beside it, in the layout's "scripts" block.
import "./csrf.js";
import "./theme.js";
import "./dialog.js";
import "./tabs.js";
import "./nav.js";
import "./flash.js";
import { drawFormulas } from "./formulas.js";

drawFormulas(document);

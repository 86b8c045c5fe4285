// Draws LaTeX as formulas, in MathML by KaTeX, which is fetched when the first one comes.
const KATEX = "/webjars/katex/0.18.11/dist/katex.mjs";

/** No links, no pictures, and no macros that grow without end: models and people wrote them. */
const SAFELY = {
  output: "mathml",
  throwOnError: true,
  trust: false,
  strict: "ignore",
  maxExpand: 200,
  maxSize: 20,
  errorColor: "currentColor", // of commands that are not allowed, which are shown by name
};

let katex = null;

/**
 * Draws the formulas below an element. One that cannot be read stays as it was written.
 *
 * @returns null where they are drawn already; else what resolves once they are
 */
export function drawFormulas(root) {
  const formulas = [...root.querySelectorAll(".formula:not(.drawn)")];
  if (formulas.length === 0) return null;
  if (katex) {
    formulas.forEach(draw);
    return null;
  }
  return import(KATEX).then(
    (library) => {
      katex = library.default;
      formulas.forEach(draw);
    },
    () => {}, // offline
  );
}

function draw(formula) {
  const source = formula.textContent;
  const display = source.startsWith("$$") || source.startsWith("\\[");
  const sign = source.startsWith("$") && !display ? 1 : 2;
  try {
    formula.innerHTML = katex.renderToString(source.slice(sign, -sign), { ...SAFELY, displayMode: display });
    formula.classList.add("drawn");
    formula.classList.toggle("display", display);
  } catch (unreadable) {
    formula.title = unreadable.message;
  }
}

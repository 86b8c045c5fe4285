/**
 * Puts text on the clipboard, also where Laurel is served over plain HTTP and browsers have no navigator.clipboard.
 * False where the browser lets neither way.
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyAsPeopleDo(text);
  }
}

function copyAsPeopleDo(text) {
  const put = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", put, true);
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", put, true);
  }
}

// A bar of tabs that is wider than the screen shows the one that is open.

for (const open of document.querySelectorAll(".tabs [aria-current]")) {
  const bar = open.closest(".tabs");
  bar.scrollLeft = open.offsetLeft - bar.offsetLeft - (bar.clientWidth - open.offsetWidth) / 2;
}

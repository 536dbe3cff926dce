// j and k move along the list, Enter opens as it does on any link.
"use strict";

const links = [...document.querySelectorAll("[data-queue] .queue-link")];
document.querySelectorAll(".keys").forEach((hint) => (hint.hidden = false));

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  const typing = event.target.closest("input, select, textarea");
  if (!step || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
});

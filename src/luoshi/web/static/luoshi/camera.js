// After each picture another camera input stands ready, so that several can be taken in a row.
"use strict";

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("[data-camera] input[capture]") || !input.files.length) return;
  const taken = [...input.closest("[data-camera]").querySelectorAll("input[capture]")];
  if (taken.some((one) => !one.files.length) || taken.length >= 9) return;
  const next = input.cloneNode();
  next.value = "";
  input.after(next);
});

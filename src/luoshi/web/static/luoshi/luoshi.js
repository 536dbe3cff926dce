// Small comforts. Every page works without this file.
"use strict";

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

// A print button is of use only where a script can print.
each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});

// The list of errors is read out and stands in view.
each("[data-focus]", (box) => box.focus());

// The menu of the bar closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  each(".menu[open]", (menu) => menu.contains(event.target) || (menu.open = false));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") each(".menu[open]", (menu) => (menu.open = false));
});

// Comforts of the forms on a case; each works without this file.
"use strict";

// The button that looks for a place: with scripts the list follows the typing.
document.querySelectorAll("[data-scriptless]").forEach((button) => (button.hidden = true));

// A suggestion that is taken fills in the field it is about.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose]");
  const field = button?.form?.elements[button.dataset.choose];
  if (!field) return;
  event.preventDefault();
  field.value = button.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// A link to a command opens its form.
const meant = location.hash.startsWith("#do-") && document.querySelector(`${location.hash} details`);
if (meant) meant.open = true;

// Choosing from the library puts its text into the field, unless one has written there oneself.
document.addEventListener("change", (event) => {
  const list = event.target;
  if (!list.dataset.fill) return;
  const field = document.getElementById(list.dataset.fill);
  const texts = JSON.parse(list.dataset.texts);
  const ours = Object.values(texts).includes(field.value);
  if (field.value.trim() && !ours) return;
  field.value = texts[list.value] || "";
});

// A refusal is read out and stands in view; what it asks for is unfolded.
document.addEventListener("htmx:afterSwap", (event) => {
  const refusal = event.target.querySelector("[data-focus]");
  const asked = document.getElementById(refusal?.dataset.opens);
  if (asked) asked.open = true;
  refusal?.focus();
});

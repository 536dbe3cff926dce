// Triage by keyboard. Keys of one letter work only outside of fields, and can be switched off.
"use strict";

const OFF = "luoshi.keys.off";
const box = document.querySelector("[data-keys]");
const on = () => localStorage.getItem(OFF) === null;
const typing = (event) =>
  event.isComposing || event.target.closest("input, select, textarea, [contenteditable]");

// ---- The list ----

const links = [...document.querySelectorAll("[data-queue] .queue-link, .storm button")];

function move(step) {
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

// ---- The form that stands open ----

const form =
  document.querySelector("#do-dispatch form") ||
  document.querySelector("#do-assign form") ||
  document.querySelector("form[data-keyed]");

function set(name, value) {
  const field = form?.elements[name];
  if (!field || !value) return;
  field.value = value;
  return field;
}

// The owner first: what was chosen stays when the category asks the duty list.
function take(button) {
  set("owner", button.dataset.owner);
  const category = set("category", button.dataset.category);
  category?.dispatchEvent(new Event("change", { bubbles: true }));
  button.closest("[data-hint]").classList.add("taken");
}

document.querySelectorAll("[data-hint]").forEach((hint) => {
  if (!form?.contains(hint)) return;
  hint.querySelectorAll("[data-take][hidden], [data-quick]").forEach((part) => (part.hidden = false));
  hint.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.name === "find_now") return;
    event.preventDefault();
    take(button);
  });
});

function unfold(command) {
  const details = document.querySelector(`#do-${command} details`);
  if (!details) return;
  details.open = true;
  details.querySelector("select, textarea")?.focus();
}

function field(name) {
  const found = form?.elements[name];
  if (!found) return;
  form.closest("details").open = true;
  found.focus();
}

// By its button: htmx sends the one that was pressed last along.
const press = (one) => one?.querySelector(".send, .btn-primary")?.click();

function send() {
  if (asking) wanted = true;
  else press(form);
}

// While the duty list is asked for the owner of another category, sending waits for its answer; of
// several that follow each other (arrow keys), for the last.
let asking = 0;
let wanted = false;
const asksForOwner = (event) => event.detail.target?.id === "dispatch_owner_box";

function answered() {
  asking -= 1;
  if (asking > 0) return;
  if (wanted) send();
  wanted = false;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (asksForOwner(event)) asking += 1;
});
document.addEventListener("htmx:afterSettle", (event) => asksForOwner(event) && answered());
document.addEventListener("htmx:afterRequest", (event) => {
  // Without an answer nobody knows whether the owner is right: whoever triages looks again.
  if (!asksForOwner(event) || event.detail.successful) return;
  asking -= 1;
  wanted = false;
});

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  s: () => form?.querySelector("[name=take_suggestion]")?.click(),
  c: () => field("category"),
  p: () => field("area"),
  o: () => field("owner"),
  d: send,
  a: () => unfold("answer"),
  l: () => document.querySelector("[data-list]")?.click(),
  // Into the case on top of the list of those that may be the same.
  m: () => document.querySelector('[data-key="m"]')?.click(),
  "?": () => {
    if (!box) return;
    box.open = !box.open;
    if (box.open) box.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  const within = event.key === "Enter" && event.ctrlKey && event.target.closest("form");
  if (within && (within === form || within.matches(".command"))) {
    event.preventDefault();
    return within === form ? send() : press(within);
  }
  if (event.key === "Escape" && typing(event)) return event.target.blur();
  if (!on() || event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  const number = /^[1-9]$/.test(event.key) && form?.querySelector(`[data-key="${event.key}"]`);
  if (!number && !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  if (number) number.click();
  else KEYS[event.key]();
});

function showKeys() {
  document.querySelectorAll("[data-key] .keys").forEach((key) => (key.hidden = !on()));
}

if (box) {
  box.hidden = false;
  showKeys();
  document.addEventListener("htmx:afterSettle", showKeys); // of what came after the page
  const off = box.querySelector("[data-keys-on]");
  off.checked = on();
  off.addEventListener("change", () => {
    if (off.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    showKeys();
  });
}

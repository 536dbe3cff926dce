// The list of what is kept, the bar that says that there is no signal, and the sending.
import { remove, unsent } from "./store.js";
import { here, sendAll } from "./send.js";

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
const show = (selector, yes) => each(selector, (one) => { one.hidden = !yes; });
const panel = document.querySelector("[data-kept]");
const AGAIN = 30_000;
let done = [];

export const at = (time) => new Date(time).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

const row = (entry, url) => {
  const made = panel.querySelector("template").content.cloneNode(true);
  const find = (name) => made.querySelector(`[data-${name}]`);
  find("place").textContent = entry.place;
  find("at").textContent = at(entry.at);
  find("sent").hidden = !url;
  find("result").href = url || "#";
  find("acts").hidden = Boolean(url);
  find("refused").hidden = !entry.refused;
  find("words").append(...(entry.refused || []).map((text) => {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  }));
  find("open").href = `${entry.url}#kept-${entry.id}`;
  find("delete").addEventListener("click", async ({ target }) => {
    if (!confirm(target.dataset.delete)) return;
    await remove(entry.id);
    draw();
  });
  return made;
};

export const draw = async () => {
  const waiting = await unsent().catch(() => []);
  panel.hidden = !waiting.length && !done.length;
  panel.querySelector("[data-count]").textContent = waiting.length;
  panel.querySelector("[data-list]").replaceChildren(
    ...done.map(([entry, url]) => row(entry, url)), ...waiting.map((entry) => row(entry)));
  show("[data-send]", waiting.length);
  document.dispatchEvent(new CustomEvent("kept", { detail: waiting }));
  return waiting;
};

export const state = (found) => {
  show("[data-away]", found === "away");
  show("[data-out]", found === "out");
};

export const sendNow = async (options) => {
  const found = await here();
  state(found.state);
  if (found.state === "in") await sendAll((entry, became) => {
    if (became.state === "sent") done.push([entry, became.url]);
    state(became.state);
  }, options);
  await draw();
};

if (panel) {
  draw().then(() => sendNow());
  panel.querySelector("[data-send]").addEventListener("click", () => sendNow({ refused: true }));
  addEventListener("online", () => sendNow());
  addEventListener("offline", () => state("away"));
  // A phone often thinks that it has signal when it has none: only an answer tells.
  setInterval(async () => {
    const away = document.querySelector("[data-away]:not([hidden])");
    if (!document.hidden && (away || (await unsent()).some((one) => !one.refused))) sendNow();
  }, AGAIN);
}

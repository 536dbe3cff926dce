// The form of a check: kept while it is filled in, and sent from here as soon as there is signal.
import { get, person, put, remove } from "./store.js";
import { can, keep, serve, young } from "./pages.js";
import { send } from "./send.js";
import { at, draw, state } from "./panel.js";
import { missing } from "./needs.js";

const form = document.querySelector("form[data-check]");
const questions = [...form.querySelectorAll("[data-type]")];
const says = (name) => form.querySelector(`[data-says-${name}]`);
const button = form.querySelector(".send");
const url = location.pathname;
const DRAFT = `draft ${person} ${url}`, FILES = `files ${person} ${url}`;
const NOT_OURS = new Set(["csrfmiddlewaretoken", "token"]);
let entry = null, busy = false, soon, writing;

const given = () => [...new FormData(form)].filter(([name, value]) =>
  !NOT_OURS.has(name) && (value instanceof File ? value.size : value.trim()));
const answers = () => given().filter(([name]) => name.startsWith("look_"));
const isFile = ([, value]) => value instanceof File;

// ---- The draft ----

const base = () => ({ kind: "draft", person, url, at: Date.now() });
// What is being corrected stays what it was; it is not sent while one writes.
const correct = async () => put({ ...(await written()), refused: entry.refused || [] });
const saveDraft = () => busy || (entry ? (writing = correct()) : put({ ...base(), id: DRAFT, fields: given().filter((one) => !isFile(one)) })).catch(() => {});
// Pictures are written only when one was taken: they are large.
const saveFiles = () => entry || put({ ...base(), id: FILES, fields: given().filter(isFile) }).catch(() => {});
const dropDraft = () => remove(DRAFT, FILES);

const fill = (fields) => {
  for (const [name, value] of fields) {
    const named = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    if (!named.length) continue;
    if (value instanceof File) {
      const files = new DataTransfer();
      for (const file of [...named.at(-1).files, value]) files.items.add(file);
      named.at(-1).files = files.files;
    } else if (named[0].type === "radio") named.forEach((one) => { one.checked = one.value === value; });
    else named[0].value = value;
  }
  questions.forEach(unfold);
  count();
};

const restore = async () => {
  const kept = location.hash.startsWith("#kept-") && (await get(location.hash.slice(6)));
  if (kept?.person === person) {
    entry = kept;
    fill(kept.fields);
    if (kept.refused) refuse(kept.refused);
    return;
  }
  const [draft, files] = [await get(DRAFT), await get(FILES)];
  const fields = [...(draft?.fields || []), ...(files?.fields || [])];
  if (!fields.length) return;
  fill(fields);
  says("draft").hidden = false;
  says("draft").querySelector("[data-at]").textContent = at((draft || files).at);
};

// ---- The questions ----

const start = (question) => question.dataset.start;
const answer = (question) => {
  const found = { number: "", choice: "", result: "", text: "", pictures: 0 };
  for (const [name, value] of given()) {
    if (!name.startsWith(start(question))) continue;
    const part = name.slice(start(question).length);
    found[part] = part === "pictures" ? found.pictures + 1 : value;
  }
  return found;
};

// Remark and pictures stand open where something is unmet or written already.
const unfold = (question) => {
  const { result, text, pictures } = answer(question);
  if (result === "unmet" || text || pictures) question.querySelector("details").open = true;
};
const count = () => {
  const begun = questions.filter((one) => Object.values(answer(one)).some(Boolean)).length;
  form.querySelector("[data-begun]").textContent = `${begun}/${questions.length}`;
};

const clear = () => {
  document.getElementById("errors")?.remove();
  form.querySelectorAll("[data-missing]").forEach((one) => one.remove());
};

const refuse = (lines, from = says("refused")) => {
  const box = from.content.cloneNode(true).firstElementChild;
  box.querySelector("ul").append(...lines.map((line) => {
    const made = document.createElement("li");
    made.append(line);
    return made;
  }));
  form.prepend(box);
  box.focus();
};

// What is missing, beside its question: one is still there to look again.
const incomplete = () => {
  const found = questions.map((one) => [one, missing(one.dataset, answer(one))]).filter(([, code]) => code);
  const text = (code) => says("missing").content.querySelector(`[data-code=${code}]`).textContent;
  if (!answers().length) return [text("no_answers")];
  return found.map(([question, code]) => {
    const line = document.createElement("p");
    line.className = "error";
    line.dataset.missing = code;
    line.textContent = text(code);
    question.querySelector("h2").after(line);
    if (/photo|text/.test(code)) question.querySelector("details").open = true;
    const link = document.createElement("a");
    link.href = `#${question.id}`;
    link.textContent = `${question.dataset.title} · ${line.textContent}`;
    return link;
  });
};

// ---- Saving and sending ----

const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
// A copy: the file itself may be gone by the time there is signal.
const still = async ([name, value]) =>
  [name, value instanceof File ? new File([await value.arrayBuffer()], value.name, { type: value.type }) : value];
const written = async () => ({
  id: entry?.id || key(), at: entry?.at || Date.now(), kind: "unsent", person, url,
  place: form.dataset.check, fields: await Promise.all(given().map(still)),
});

const kept = async () => {
  entry = null;
  form.reset();
  count();
  if (can && (await caches.match(form.dataset.next))) location.assign(form.dataset.next);
  else scrollTo(0, 0);
};

const save = async () => {
  clear();
  clearTimeout(soon);
  await writing?.catch(() => {});
  const lines = incomplete();
  if (lines.length) return refuse(lines);
  entry = await written();
  let stored = true;
  await put(entry).then(dropDraft).catch(() => { stored = false; });
  const became = await send(entry);
  if (became.state === "sent") return location.assign(became.url);
  await draw();
  state(became.state);
  if (became.state === "refused") {
    entry.refused = became.words;
    return refuse(became.words);
  }
  if (stored) return kept();
  says("full").hidden = false;
  says("full").scrollIntoView();
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  if (busy) return;
  busy = button.disabled = true;
  await save().finally(() => { busy = button.disabled = false; });
});

form.addEventListener("input", () => {
  clearTimeout(soon);
  soon = setTimeout(saveDraft, 400);
});
form.addEventListener("change", ({ target }) => {
  if (target.type === "file") saveFiles();
  else saveDraft();
  const question = target.closest("[data-type]");
  if (question) unfold(question);
  count();
});
document.addEventListener("visibilitychange", () => { if (document.hidden && !entry && answers().length) saveDraft(); });

says("draft").querySelector("button").addEventListener("click", async () => {
  await dropDraft();
  form.reset();
  says("draft").hidden = true;
  count();
});

// The link of the list leads to this very page.
addEventListener("hashchange", () => { if (location.hash.startsWith("#kept-")) location.reload(); });

const locate = form.querySelector("[data-locate]");
if (navigator.geolocation && isSecureContext) {
  locate.hidden = false;
  locate.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    form.elements.lat.value = coords.latitude.toFixed(4);
    form.elements.lon.value = coords.longitude.toFixed(4);
    locate.textContent = locate.dataset.found;
  }, () => { locate.textContent = locate.dataset.failed; }, { enableHighAccuracy: true, timeout: 15_000 }));
}

// Whoever was quicker than this script has ticked already.
questions.forEach(unfold);
count();
if (!document.getElementById("errors")) restore().catch(() => {});
// What is opened with signal opens without it too.
if (can) serve().then(async () => {
  if (!(await young(url))) await Promise.all([keep(url), keep(form.dataset.next)]);
}).catch(() => {});

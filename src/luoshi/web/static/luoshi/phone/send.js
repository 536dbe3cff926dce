// One kept check on its way: an ordinary form, sent again under the same key until it is answered.
import { person, put, remove, unsent } from "./store.js";
import { drop } from "./pages.js";

const HERE = "/rounds/here/";
const AWAY = [408, 425, 429];

// {state: "in", token}, "out" (signed out, or somebody else is in) or "away" (no signal).
export const here = async () => {
  try {
    const got = await fetch(HERE, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout?.(8000) });
    if (got.type === "opaqueredirect" || got.status === 403) return { state: "out" };
    const found = got.ok ? await got.json() : {};
    // It may have gone while the answer was on its way.
    if (!found.token || !navigator.onLine) return { state: "away" };
    return { state: found.person === person ? "in" : "out", token: found.token };
  } catch {
    return { state: "away" };
  }
};

const words = (page) => {
  const said = [...page.querySelectorAll("#errors li")];
  const text = said.length ? said : [...page.querySelectorAll("main h1, main p")].slice(0, 2);
  return text.map((one) => one.textContent.trim().replace(/\s+/g, " "));
};

const post = async (entry, token) => {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  body.append("key", entry.id);
  body.append("waited", Math.max(0, Math.round((Date.now() - entry.at) / 1000)));
  const got = await fetch(entry.url, { method: "POST", body, headers: { "X-CSRFToken": token } });
  const page = new DOMParser().parseFromString(await got.text(), "text/html");
  if (got.ok) return { state: /\/checked\//.test(got.url) ? "sent" : "out", url: got.url };
  if (got.status >= 500 || AWAY.includes(got.status)) return { state: "away" };
  return { state: "refused", words: words(page) };
};

// What became of it; only what the server has is taken off the phone.
export const send = async (entry) => {
  const found = await here();
  if (found.state !== "in") return found;
  const became = await post(entry, found.token).catch(() => ({ state: "away" }));
  if (became.state === "sent") {
    await remove(entry.id);
    await drop(entry.url);
  } else if (became.state === "refused") await put({ ...entry, refused: became.words });
  return became;
};

// Two tabs do not send the same at once; were it so, the key would still make it one.
const alone = (act) =>
  navigator.locks ? navigator.locks.request("luoshi-send", { ifAvailable: true }, (lock) => lock && act()) : act();

// All in their order; what was refused waits for whoever corrects it, unless he asks. Tells of each.
export const sendAll = (tell, { refused = false } = {}) => alone(async () => {
  for (const entry of await unsent()) {
    if (entry.refused && !refused) continue;
    const became = await send(entry);
    tell(entry, became);
    if (became.state === "away" || became.state === "out") return;
  }
});

// The pages that open without signal: in a cache of whoever took them along.
import { isGone, person } from "./store.js";

const PREFIX = "luoshi-kept-";
const NAME = PREFIX + person;
const HEADERS = ["Content-Type", "Content-Security-Policy", "X-Frame-Options", "Referrer-Policy"];
const HOUR = 3600e3, LONGEST = 14 * 24 * HOUR;
const fresh = new Set();

// Browsers keep pages only for an address that nobody on the way can change: https.
export const can = Boolean(person && window.caches && navigator.serviceWorker);

export const serve = async () => {
  if (can) await navigator.serviceWorker.register("/check-worker.js");
};

export const keep = async (url) => {
  const got = await fetch(url, { redirect: "manual" });
  if (!got.ok) throw new Error(`${got.status} ${url}`);
  const html = await got.text();
  if (isGone()) return;
  const place = new DOMParser().parseFromString(html, "text/html").querySelector("[data-check]");
  const cache = await caches.open(NAME);
  for (const [, part] of html.matchAll(/"(\/static\/[^"]+\.(?:js|css))"/g)) {
    if (fresh.has(part)) continue;
    fresh.add(part);
    await cache.add(part).catch((no) => { fresh.delete(part); throw no; });
  }
  const headers = new Headers([["X-At", Date.now()], ["X-Place", encodeURIComponent(place?.dataset.check || "")]]);
  for (const name of HEADERS) if (got.headers.has(name)) headers.set(name, got.headers.get(name));
  await cache.put(url, new Response(html, { headers }));
};

// The places that can be checked without signal, in the order in which they were taken.
export const places = async () => {
  const cache = await caches.open(NAME);
  const found = [];
  for (const request of await cache.keys()) {
    const { headers } = await cache.match(request);
    const place = decodeURIComponent(headers.get("X-Place") || "");
    if (Date.now() - headers.get("X-At") > LONGEST && headers.has("X-At")) await cache.delete(request);
    else if (place) found.push({ url: new URL(request.url).pathname, place, at: Number(headers.get("X-At")) });
  }
  return found;
};

export const young = async (url) =>
  (await places()).some((one) => one.url === url && Date.now() - one.at < HOUR);

export const drop = async (url) => can && (await caches.open(NAME)).delete(url);

const names = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

export const dropAll = async () => {
  for (const name of await names()) await caches.delete(name);
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
};

// Whoever signs in on a shared phone finds no pages of the one before.
export const dropOthers = async () => {
  for (const name of await names()) if (name !== NAME) await caches.delete(name);
};

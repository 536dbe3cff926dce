// Without signal the pages that an inspector took along open from this phone; nothing else does.
// It only reads: what is kept, the pages themselves put there (phone/pages.js).
"use strict";

const PATIENCE = 5000;
const START = "/rounds/kept/";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const kept = (what) => caches.match(what, { ignoreVary: true });

// The server first; with no signal, or too little of it, what is kept.
const answer = async (request) => {
  const page = await kept(request);
  if (page) {
    const late = new Promise((done) => setTimeout(done, PATIENCE, page));
    const first = fetch(request).then((got) => (got.status < 500 ? got : page), () => page);
    return Promise.race([first, late]);
  }
  if (request.mode !== "navigate") return fetch(request);
  return fetch(request).catch(async () => (await kept(START)) || Response.error());
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = request.method === "GET" && request.url.startsWith(`${location.origin}/`);
  if (ours && (request.mode === "navigate" || ["script", "style"].includes(request.destination)))
    event.respondWith(answer(request));
});

// Unsent checks and drafts on this phone, each belonging to whoever wrote it.
export const person = document.querySelector("[data-person]")?.dataset.person;

let database, gone = false;
const open = () => database ??= new Promise((done, failed) => {
  const asked = indexedDB.open("luoshi", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "id" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

// Done when it is on disk, not before.
const deal = async (mode, act) => {
  const base = await open();
  return new Promise((done, failed) => {
    const all = base.transaction("kept", mode, { durability: "strict" });
    const asked = act(all.objectStore("kept"));
    all.oncomplete = () => done(asked?.result);
    all.onabort = all.onerror = () => failed(all.error);
  });
};

// Nothing is written any more by a page whose reader has signed out.
export const isGone = () => gone;
export const put = async (entry) => { if (!gone) await deal("readwrite", (kept) => kept.put(entry)); };
export const remove = (...ids) => deal("readwrite", (kept) => ids.forEach((id) => { kept.delete(id); }));
export const get = (id) => deal("readonly", (kept) => kept.get(id));

const mine = async () => (await deal("readonly", (kept) => kept.getAll())).filter((one) => one.person === person);

export const unsent = async () =>
  (await mine()).filter((one) => one.kind === "unsent").sort((a, b) => a.at - b.at);

export const forget = async () => {
  gone = true;
  await remove(...(await mine()).map((one) => one.id));
};

// For residents' pages. Every page works without this file.
"use strict";

// A scanned code stands behind the # of the address, where no server sees it.
const byCode = document.querySelector("[data-by-code]");
const openScanned = () => {
  if (location.hash.length < 10) return;
  byCode.elements.code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  byCode.requestSubmit();
};
if (byCode) {
  openScanned();
  window.addEventListener("hashchange", openScanned);
}

// The position of the device fills two hidden fields and brings a map and the places near it.
const locate = document.querySelector("[data-locate]");
if (locate && navigator.geolocation) {
  const says = document.querySelector("[data-locate-says]");
  const say = (text) => { says.textContent = text; says.hidden = !text; };
  const found = async ({ coords }) => {
    const fields = new FormData(locate.form);
    fields.delete("pictures");
    fields.delete("kept");
    fields.set("text", "");
    fields.delete("forget_point");
    fields.set("lat", coords.latitude.toFixed(4));
    fields.set("lon", coords.longitude.toFixed(4));
    const answer = await fetch(locate.dataset.locate, { method: "POST", body: fields });
    if (!answer.ok) throw new Error(answer.status);
    document.getElementById("spots").innerHTML = await answer.text();
    say("");
  };
  const failed = (error) => say(error.code === 1 ? locate.dataset.denied : locate.dataset.failed);
  locate.hidden = false;
  locate.addEventListener("click", () => {
    say(locate.dataset.busy);
    navigator.geolocation.getCurrentPosition(
      (position) => found(position).catch(failed), failed, { enableHighAccuracy: true, timeout: 15000 });
  });
}

// While somebody types, what is known already appears; a choice that was made stays.
const known = document.querySelector("[data-known]");
if (known) {
  const form = known.closest("form");
  let waiting = 0, asked = 0;
  const look = async () => {
    const fields = new FormData(form), mine = ++asked;
    ["pictures", "kept", "phone", "email", "name"].forEach((name) => fields.delete(name));
    const answer = await fetch(known.dataset.known, { method: "POST", body: fields }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const picked = known.querySelector("input[type=radio]:checked")?.value;
    const words = await answer.text();
    if (words.trim() === known.innerHTML.trim()) return;
    known.innerHTML = words;
    const again = [...known.querySelectorAll("input[type=radio]")].find((one) => one.value === picked);
    if (again) again.checked = true;
  };
  form.addEventListener("input", (event) => {
    if (!["text", "place", "area", "category", "spot"].includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(look, 700);
  });
}

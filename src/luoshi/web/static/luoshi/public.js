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

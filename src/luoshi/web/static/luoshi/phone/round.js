// Take a round along: its check pages are kept, and the list says which.
import { can, keep, places, serve } from "./pages.js";
import "./panel.js";

const ABREAST = 3;
const box = document.querySelector("[data-take]");
const list = document.querySelector("[data-places]");

const progress = async (urls, says) => {
  const here = new Set((await places()).map((one) => one.url));
  const saved = urls.filter((url) => here.has(url)).length;
  says.textContent = says.dataset.says.replace("{saved}", saved).replace("{all}", urls.length);
  says.hidden = !saved;
};

const take = async (urls, says) => {
  await serve();
  await navigator.storage?.persist?.();
  const left = [...urls];
  const some = async () => {
    while (left.length) {
      await keep(left.shift());
      await progress(urls, says);
    }
  };
  await keep(box.dataset.keeps);
  await keep(location.pathname);
  await Promise.all(Array.from({ length: ABREAST }, some));
};

if (box) {
  const urls = box.dataset.take.split(" ");
  const [button, says, failed] = ["button", "[data-says]", "[data-failed]"].map((one) => box.querySelector(one));
  box.querySelector("[data-insecure]").hidden = can;
  button.hidden = !can;
  if (can) progress(urls, says);
  button.addEventListener("click", async () => {
    button.disabled = true;
    failed.hidden = true;
    await take(urls, says).catch(() => { failed.hidden = false; });
    button.disabled = false;
  });
}

// Which places lie here, and which of them wait to be sent.
if (list && can) document.addEventListener("kept", async ({ detail }) => {
  const waiting = new Set(detail.map((one) => one.url));
  const found = await places();
  list.querySelector("[data-none]").hidden = found.length > 0;
  list.querySelector("ul").replaceChildren(...found.map(({ url, place }) => {
    const made = list.querySelector("template").content.cloneNode(true);
    made.querySelector("a").href = url;
    made.querySelector("[data-place]").textContent = place;
    made.querySelector("[data-done]").hidden = !waiting.has(url);
    return made;
  }));
});

// On every page of staff: whoever signs out takes with him what lies on the phone.
import { forget, person, unsent } from "./store.js";
import { can, dropAll, dropOthers } from "./pages.js";

if (can) dropOthers();

const leave = async (form) => {
  const waiting = await unsent().catch(() => []);
  if (waiting.length && !confirm(form.dataset.leave)) return;
  await forget().catch(() => {});
  if (can) await dropAll().catch(() => {});
  form.submit();
};

if (person) document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-leave]")) return;
  event.preventDefault();
  leave(event.target);
});

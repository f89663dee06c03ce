/* Asks now and then how far something is, and shows it. Stops when it is done, or when nobody looks. */
const EVERY = 2_000;
const place = document.querySelector("[data-waiting-for]");

async function look() {
  if (!place.querySelector("[data-busy]")) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(place.dataset.waitingFor, { headers: { "X-Fragment": "1" }, redirect: "error" });
      const html = answer.ok ? await answer.text() : "";
      if (html && !html.includes("data-busy")) place.innerHTML = html;
    } catch {
      // The connection is gone for a moment: the link to look yourself is still there.
    }
  }
  setTimeout(look, EVERY);
}
setTimeout(look, EVERY);

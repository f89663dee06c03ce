/* Asks now and then how far giving out is, and shows it; stops when it is done. Without it the link does the same. */
const EVERY = 1_500; // ms
const place = document.querySelector("[data-far]");

async function look() {
  if (!place.querySelector("[data-busy]")) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(place.dataset.far, { headers: { "X-Fragment": "1" }, redirect: "error" });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // The connection is gone for a moment: the link is still there.
    }
  }
  setTimeout(look, EVERY);
}
setTimeout(look, EVERY);

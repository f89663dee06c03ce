/* Asks now and then how far something is: moves the bar while it is on its way, and shows what came of it. Stops when
   it is done; rests while nobody looks. */
const EVERY = 2_000;
const place = document.querySelector("[data-waiting-for]");

async function look() {
  const busy = place.querySelector("[data-busy]");
  if (!busy) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(place.dataset.waitingFor, { headers: { "X-Fragment": "1" }, redirect: "error" });
      if (answer.ok) show(await answer.text());
    } catch {
      // The connection is gone for a moment: the link to look yourself is still there.
    }
  }
  setTimeout(look, EVERY);
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (!fresh.querySelector("[data-busy]")) { place.replaceChildren(...fresh.childNodes); return; }
  const [now, then] = [place, fresh].map((each) => each.querySelector("progress"));
  if (now && then) now.value = then.value;
}
setTimeout(look, EVERY);

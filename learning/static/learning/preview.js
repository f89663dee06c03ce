/* A file of the module changed: load the page again. What was typed and not sent is asked about by the browser, not
   lost in silence. Asked every second and a half, only while somebody looks. */
const here = document.querySelector("[data-stamp]");
const EVERY = 1500;
let typed = false;

document.addEventListener("input", () => { typed = true; });
document.addEventListener("activity:drawn", () => { typed = false; });

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const response = await fetch(here.dataset.stampHref, { headers: { Accept: "application/json" } });
      const { stamp } = response.ok ? await response.json() : {};
      if (stamp && stamp !== here.dataset.stamp) {
        if (typed) return void (document.querySelector("[data-stamp-changed]").hidden = false);
        return void location.reload();
      }
    } catch { /* the server starts again, or there is no connection: the next time */ }
  }
  setTimeout(look, EVERY);
}

if (here) setTimeout(look, EVERY);

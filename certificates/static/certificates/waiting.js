/* While a document is being made, looks every so often whether it is there and puts what is new in its place.
   Without script there is a button that does the same. What changes is read out: its parts are role="status". */
const LONGEST = 8000;
const place = document.getElementById("bewijzen");

look(1000);

function look(wait) {
  setTimeout(async () => {
    const fresh = await fetched().catch(() => null);
    if (fresh && fresh.textContent !== place.textContent) show(fresh);
    if (!fresh || fresh.hasAttribute("data-making")) look(Math.min(LONGEST, wait * 1.5));
  }, wait);
}

async function fetched() {
  const response = await fetch(location.href, { credentials: "same-origin" });
  if (!response.ok || response.redirected) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.getElementById("bewijzen");
}

/* Whoever had the focus on something that goes finds it on what came in its place: the same paper in the row. */
function show(fresh) {
  const paper = place.contains(document.activeElement) ? document.activeElement.closest("li") : null;
  const row = paper ? [...paper.parentElement.children].indexOf(paper) : -1;
  place.replaceChildren(...fresh.childNodes);
  place.toggleAttribute("data-making", fresh.hasAttribute("data-making"));
  if (paper) place.querySelectorAll("li")[row]?.querySelector("a, button")?.focus();
}

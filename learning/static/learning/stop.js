/* Nothing typed is lost by leaving. Forms that keep themselves are left alone.

   On a page with one activity "Bewaar en stop" keeps its word: what a form can hold half-way goes to its own
   [data-stop] first. What can't be kept half-way, the browser asks about; until then the button says no more than "Stop".
   On a page of a unit only text is asked about: an answer that was chosen and not sent is soon chosen again. */
const KEEPS_ITSELF = "[data-concept], [data-merken]";
const stop = document.querySelector(".kop--stil [data-stop-words]");
const link = stop?.querySelector("a");
const words = link?.textContent;
const FIELDS = stop ? "textarea, select, input:not([type=hidden], [type=file])" : "textarea, input[type=text]";
let refused = false, leaving = false;

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const drawn = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return field.value !== drawn?.value;
};
const isChanged = (form) => [...form.querySelectorAll(FIELDS)].some(changed);
const unsaved = () => [...document.querySelectorAll("[data-activity] form")].filter(
  (form) => !form.matches(KEEPS_ITSELF) && isChanged(form));

function say() {
  if (!link) return;
  const forms = unsaved();
  const told = refused || forms.some((form) => !form.dataset.stop) ? stop.dataset.stopWords : words;
  if (link.textContent !== told) link.textContent = told;
}

document.addEventListener("input", say);
document.addEventListener("activity:drawn", (event) => {
  if (stop && event.detail) refused = Boolean(event.detail.refused);
  say();
});

document.addEventListener("click", async (event) => {
  const way = event.target.closest?.(".kop--stil a, .unit__verder a");
  const forms = way ? unsaved().filter((form) => form.dataset.stop) : [];
  if (!forms.length || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  leaving = (await Promise.all(forms.map(keep))).every(Boolean) && unsaved().length === forms.length;
  location.href = way.href;
});

async function keep(form) {
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.stop, { method: "POST", headers: { "X-Fragment": "1" }, body });
    return answer.ok && !answer.redirected;
  } catch {
    return false;
  }
}

addEventListener("beforeunload", (event) => {
  if (!leaving && (refused || unsaved().length)) event.preventDefault();
});

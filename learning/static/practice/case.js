/* Keeps what a trainer writes on a case while they write. What another page changed meanwhile is never undone: the
   server compares, and this page learns the marks of what is there now. Without this script the buttons do the same. */
const form = document.querySelector("form[data-case]");
const state = form.querySelector("[data-case-state]");
const REST = 2_000; // ms after the last key
let timer = 0;
let busy = false;
let written = false;
let leaving = false;

form.addEventListener("input", () => {
  written = true;
  clearTimeout(timer);
  timer = setTimeout(keep, REST);
});
form.addEventListener("submit", () => {
  leaving = true;
  clearTimeout(timer);
});
addEventListener("beforeunload", (event) => {
  if (written && !leaving) event.preventDefault();
});
addEventListener("pageshow", () => (leaving = false));

async function keep() {
  if (busy || leaving) return again();
  busy = true;
  written = false;
  state.textContent = form.dataset.busy;
  try {
    await settle(await send());
  } catch {
    written = true;
    state.textContent = form.dataset.lost;
    again();
  }
  busy = false;
}

function again() {
  clearTimeout(timer);
  if (!leaving) timer = setTimeout(keep, 5 * REST);
}

function send() {
  return fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" } });
}

async function settle(answer) {
  if (answer.redirected || answer.status === 403) {
    written = true;
    state.textContent = form.dataset.signedOut;
    return;
  }
  if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
  const { said, marks } = await answer.json();
  state.textContent = said;
  if (answer.status === 409) return;
  for (const [name, mark] of Object.entries(marks)) {
    const field = form.elements[`was-${name}`];
    if (field) field.value = mark;
  }
}

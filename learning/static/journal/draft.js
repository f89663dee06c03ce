/* Keeps what somebody is writing on the page until it is kept by us: through a lost connection, a session that ended
   or a refusal. Only in this page, never in the browser's storage: others may use this computer too. */
const form = document.querySelector("form[data-draft]");
const TOKEN = "csrfmiddlewaretoken";
let kept = false;

const fields = () => [...form.querySelectorAll("textarea, input[type=text]")];
const say = (text) => (form.querySelector("[data-draft-state]").textContent = text);

addEventListener("beforeunload", (event) => {
  if (!kept && fields().some((field) => field.value !== field.defaultValue)) event.preventDefault();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("button[type=submit]");
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  say(form.dataset.waiting);
  try {
    await settle(await send());
  } catch {
    say(form.dataset.lost);
  }
  button.removeAttribute("aria-busy");
});

/* Signed in anew in another tab, this page still has the token of the session that ended: get the new one, once. */
async function send() {
  const answer = await post();
  if (answer.status !== 403) return answer;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.querySelector(`form[data-draft] [name=${TOKEN}]`);
  if (!fresh) return answer;
  form.elements[TOKEN].value = fresh.value;
  return post();
}

function post() {
  return fetch(location.href, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" } });
}

async function settle(answer) {
  const next = answer.headers.get("X-Location");
  if (next) {
    kept = true;
    form.setAttribute("data-kept", ""); // for recorder.js
    location.assign(next);
  } else if (answer.status === 422) {
    show(await answer.text());
  } else {
    say(answer.redirected || answer.status === 403 ? form.dataset.signedOut : form.dataset.lost);
  }
}

/* The form with what is wrong above it, and in the fields what was typed or recorded. */
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  form.replaceChildren(...page.querySelector("form[data-draft]").childNodes);
  for (const field of fields()) {
    const typed = field.value;
    field.defaultValue = "";
    field.value = typed;
  }
  form.dispatchEvent(new CustomEvent("activity:drawn", { bubbles: true, detail: { sent: form, refused: true } }));
  form.querySelector(".melding--fout")?.focus();
}

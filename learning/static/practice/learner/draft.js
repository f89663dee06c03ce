/* A case that keeps itself: what changed in form[data-concept-van] is sent there a moment later, field by field, with the
   version the page knows. What another window wrote meanwhile comes back and is put in its place; what both changed is
   asked, with both texts. Without a connection it stays on this page and is sent when there is one. Never in the
   browser's storage: others may use this computer too. Without this script the same form has a button to keep it. */
const PAUSE = 1_200, LONGEST = 30_000, PATIENCE = 20_000; // ms
const form = document.querySelector("form[data-concept-van]");
const known = new Map(); // field → its text as the server has it
let timer = 0, busy = null, failed = false, leaving = false, tries = 0;

const NOT = new Set(["csrfmiddlewaretoken", "versie", "vormen", "botst"]);
const line = () => form.querySelector("[data-bewaard]");
const say = (words) => { if (line().textContent !== words) line().textContent = words; };
const clashing = () => new Set([...form.querySelectorAll("[data-botsing] [name=botst]")].map((field) => field.value));

/* {field: text} as the form shows it; a tick that isn't set is "". */
function shown() {
  const now = {};
  for (const field of form.elements) {
    if (!field.name || NOT.has(field.name) || field.name.startsWith("kies-") || field.tagName === "BUTTON") continue;
    if (field.type === "radio" && !field.checked) continue;
    now[field.name] = field.type === "checkbox" && !field.checked ? "" : field.value;
  }
  return now;
}

function changed() {
  const asked = clashing();
  return Object.entries(shown()).filter(([name, text]) => !asked.has(name) && text !== (known.get(name) ?? ""));
}

/* Signed in anew in another tab, this page still has the token of the session that ended: get the new one, once. */
async function post(fields, keepalive) {
  const answer = await once(fields, keepalive);
  if (answer.status !== 403 || keepalive) return read(answer);
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.querySelector("form[data-concept-van] [name=csrfmiddlewaretoken]");
  if (!fresh) return read(answer);
  form.elements.csrfmiddlewaretoken.value = fresh.value;
  return read(await once(fields, keepalive));
}

function read(answer) {
  if ([401, 403, 404, 409].includes(answer.status) || answer.type === "opaqueredirect") return { expired: true };
  if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
  return answer.json();
}

function once(fields, keepalive) {
  const body = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, versie: form.elements.versie.value,
  });
  const ticks = new Set([...form.querySelectorAll("input[type=checkbox]")].map((field) => field.name));
  for (const [name, text] of fields) if (!ticks.has(name)) body.append(name, text);
  if (fields.some(([name]) => ticks.has(name))) {
    body.append("vormen", "1"); // all ticks together: one that isn't sent is off
    for (const [name, text] of Object.entries(shown())) if (ticks.has(name) && text) body.append(name, text);
  }
  return fetch(form.dataset.conceptVan, {
    method: "POST", body, keepalive, redirect: "manual", signal: AbortSignal.timeout(PATIENCE), headers: { "X-Fragment": "1" },
  });
}

function put(name, text) {
  for (const field of form.elements) {
    if (field.name !== name) continue;
    if (field.type === "radio") field.checked = field.value === text;
    else if (field.type === "checkbox") field.checked = text === field.value;
    else field.value = text;
  }
}

/* Both texts under the field; until one is chosen it isn't sent. */
function ask(name, there) {
  const veld = form.querySelector(`[data-veld="${CSS.escape(name)}"]`);
  if (!veld) { put(name, there); known.set(name, there); return; } // a tick: what is there stands
  const box = document.createElement("fieldset");
  box.className = "botsing";
  box.dataset.botsing = "";
  const legend = document.createElement("legend"), quote = document.createElement("blockquote");
  legend.textContent = form.dataset.wordThere;
  quote.textContent = textOf(veld, name, there) || form.dataset.wordNothing;
  const mark = document.createElement("input");
  Object.assign(mark, { type: "hidden", name: "botst", value: name });
  const choose = (words, take) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "knop utrecht-button utrecht-button--secondary-action knop--klein";
    button.textContent = words;
    button.addEventListener("click", () => {
      box.remove();
      known.set(name, there);
      if (take) put(name, there);
      veld.querySelector("textarea, input:checked, input")?.focus();
      keep();
    });
    return button;
  };
  const row = document.createElement("p");
  row.className = "rij";
  row.append(choose(form.dataset.wordMine, false), choose(form.dataset.wordOther, true));
  box.append(legend, quote, mark, row);
  veld.append(box);
}

/* Of a choice its words, not its code. */
function textOf(veld, name, text) {
  const option = veld.querySelector(`input[type=radio][value="${CSS.escape(text)}"]`);
  return option ? option.closest("label").textContent.trim() : text;
}

function settle(sent, kept) {
  tries = 0;
  failed = Boolean(kept.expired || kept.wrong);
  if (kept.expired) return say(form.dataset.wordExpired);
  if (kept.wrong) return say(Object.values(kept.wrong)[0]);
  const clashes = kept.clashes ?? {};
  for (const [name, text] of sent) if (!(name in clashes)) known.set(name, text);
  const now = shown();
  for (const [name, text] of Object.entries(kept.newer ?? {})) {
    if ((now[name] ?? "") === (known.get(name) ?? "")) { put(name, text); known.set(name, text); }
    else if (now[name] !== text) clashes[name] = text;
  }
  form.elements.versie.value = kept.version;
  for (const [name, there] of Object.entries(clashes)) ask(name, there);
  say(Object.keys(clashes).length ? form.dataset.wordClash : kept.said);
}

function keep(keepalive = false) {
  clearTimeout(timer);
  if (busy) { later(PAUSE); return busy; }
  const fields = changed();
  if (!fields.length) return Promise.resolve();
  busy = post(fields, keepalive).then((kept) => settle(fields, kept), () => {
    failed = true;
    say(form.dataset.wordOffline);
    later(Math.min(LONGEST, PAUSE * 2 ** tries++));
  }).finally(() => { busy = null; });
  return busy;
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

if (form) {
  for (const [name, text] of Object.entries(shown())) {
    const field = form.elements[name];
    known.set(name, field instanceof HTMLTextAreaElement ? field.defaultValue : text);
  }
  for (const field of form.querySelectorAll("[aria-invalid=true]")) known.delete(field.name); // drawn with what was typed
  form.addEventListener("input", () => later(PAUSE));
  form.addEventListener("change", () => later(PAUSE));

  /* A press waits for what is under way, and doesn't leave the page without a connection. */
  form.addEventListener("submit", (event) => {
    if (leaving) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    if (button?.getAttribute("aria-busy")) return;
    button?.setAttribute("aria-busy", "true");
    say(form.dataset.wordBusy);
    // Not within this event: a form doesn't submit while it asks whether it may.
    const over = new Promise((done) => setTimeout(done));
    over.then(() => busy).then(() => (clashing().size ? undefined : keep())).then(() => {
      button?.removeAttribute("aria-busy");
      if (failed || clashing().size && !form.querySelector("[data-botsing] input[type=radio]")) return;
      leaving = true;
      form.requestSubmit(button);
      leaving = false;
    });
  }, true);

  const flush = () => { if (changed().length) keep(true); };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  addEventListener("pagehide", flush);
  addEventListener("online", () => { tries = 0; keep(); });
  addEventListener("beforeunload", (event) => { if (failed && changed().length) event.preventDefault(); });
}

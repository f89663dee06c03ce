/* The desk of a trainer: it keeps itself, listens to a few keys, and puts a remark at what was selected or heard.

   All of it works without: each button of the form keeps what was typed. A passage is counted in characters (code
   points), as the server does; a browser counts in UTF-16. */
const PAUSE = 1200, AGAIN = 15_000;
const form = document.querySelector("form[data-reading]");
const word = (name) => form.getAttribute(`data-word-${name}`);
const fields = (name) => document.querySelectorAll(`[form="lezen"][name="${CSS.escape(name)}"], #lezen [name="${CSS.escape(name)}"]`);
const field = (name) => fields(name)[0];

/* --- keeping */

let timer = 0, busy = null, dirty = false, stopped = false, failed = false;
const say = (text) => { form.querySelector("[data-kept]").textContent = text; };

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

function typed() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("doe", "bewaar");
  return data;
}

async function post(keepalive) {
  const answer = await fetch(form.action, {
    method: "POST", keepalive, headers: { "X-Fragment": "1" }, body: new URLSearchParams(typed()),
  });
  if (answer.redirected || [401, 403, 404].includes(answer.status)) return { said: word("gone"), stop: true };
  if (answer.ok || [409, 422].includes(answer.status)) return { ...(await answer.json()), kept: answer.ok };
  throw new Error(String(answer.status));
}

function keep(keepalive = false) {
  clearTimeout(timer);
  if (!dirty || stopped) return busy;
  if (busy) { later(PAUSE); return busy; }
  dirty = false;
  busy = post(keepalive === true).then((answer) => {
    say(answer.said);
    stopped = Boolean(answer.stop);
    failed = !answer.kept;
    if (!answer.kept) return;
    if (answer.version) field("versie").value = answer.version;
    if (answer.note !== null && field("notitie-versie")) field("notitie-versie").value = answer.note;
    for (const used of form.querySelectorAll("[name=gebruikt]")) used.remove();
  }, () => {
    dirty = failed = true;
    say(word("offline"));
    later(AGAIN);
  }).finally(() => { busy = null; });
  return busy;
}

function changed() {
  dirty = true;
  later(PAUSE);
}

/* --- voldoende is what the levels say */

function judge() {
  const scales = [...form.querySelectorAll("[data-scale]")];
  const levels = scales.map((scale) => Number(scale.querySelector("input:checked")?.value)).filter(Boolean);
  const radio = form.querySelector("[name=verdict][value=voldoende]");
  if (!radio) return;
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const low = levels.includes(1);
  const few = levels.length === scales.length && mean < Number(form.dataset.enough);
  radio.toggleAttribute("disabled", low || few);
  if (low || few) radio.checked = false;
  const number = mean.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
  form.querySelector("[data-why]").textContent = low ? word("one") : few ? word("few").replace("{n}", number) : "";
}

/* --- a remark at a passage */

const points = (text) => [...text].length;
let offer = null;

/* Where a point of a selection is in its field, or null outside a paragraph of it. */
function place(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const paragraph = element?.closest("[data-passage] p[data-start]");
  if (!paragraph) return null;
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setEnd(node, offset);
  return { name: paragraph.closest("[data-passage]").dataset.passage, at: Number(paragraph.dataset.start) + points(range.toString()) };
}

function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = place(range.startContainer, range.startOffset), end = place(range.endContainer, range.endOffset);
  if (!start || !end || start.name !== end.name || end.at <= start.at) return null;
  const fold = document.querySelector(`[data-remark="${CSS.escape(start.name)}"]`);
  return fold && range.startContainer.getRootNode() === document
    ? { ...start, end: end.at, quote: quoted(range), fold, box: range.getBoundingClientRect() } : null;
}

/* As it stands in the field: an end of a line between two paragraphs, and not the remarks in between. */
function quoted(range) {
  const copy = range.cloneContents();
  const paragraphs = [...copy.querySelectorAll("p[data-start]")];
  if (paragraphs.length < 2) return range.toString();
  return null; // over several paragraphs the server takes what stands there
}

function take(found) {
  const { name, at, end, quote, fold } = found;
  fold.open = true;
  field(`passage-${name}`).value = `${at}-${end}`;
  field(`citaat-${name}`).value = quote ?? "";
  fold.querySelector("[data-chosen]").hidden = false;
  fold.querySelector("[data-sentence]").hidden = true;
  fold.querySelector("[data-quote]").textContent = document.getSelection().toString();
  mark(fold);
}

function forget(fold) {
  const name = fold.dataset.remark;
  field(`passage-${name}`).value = field(`citaat-${name}`).value = "";
  fold.querySelector("[data-chosen]").hidden = true;
  fold.querySelector("[data-sentence]").hidden = false;
}

function mark(fold) {
  for (const other of document.querySelectorAll(".opmerk--nu")) other.classList.remove("opmerk--nu");
  fold.classList.add("opmerk--nu");
  fold.querySelector("textarea").focus();
}

function show() {
  offer?.remove();
  offer = null;
  const found = selected();
  if (!found) return;
  offer = document.createElement("button");
  offer.type = "button";
  offer.className = "knop utrecht-button utrecht-button--primary-action knop--klein kies-passage";
  offer.textContent = found.fold.querySelector("summary").dataset.wordHere ?? found.fold.querySelector("summary").textContent;
  document.body.append(offer);
  offer.style.insetInlineStart = `${Math.max(8, Math.min(found.box.left, innerWidth - offer.offsetWidth - 8)) + scrollX}px`;
  offer.style.insetBlockStart = `${found.box.bottom + scrollY + 6}px`;
  offer.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  offer.addEventListener("click", () => { take(found); offer?.remove(); offer = null; });
}

/* --- keys (WCAG 2.1.4: only while the desk has focus, and never in a text) */

const writing = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=range])");

function level(number) {
  const radio = document.activeElement.closest("[data-scale]")?.querySelector(`input[value="${number}"]`);
  if (!radio) return false;
  radio.click();
  radio.focus();
  return true;
}

function remark() {
  const found = selected();
  if (found) { take(found); return true; }
  const sound = document.activeElement.closest("[data-sound]")?.querySelector("[data-player-moment]");
  if (sound) { sound.click(); return true; }
  const fold = document.querySelector("[data-remark]");
  if (!fold) return false;
  fold.open = true;
  mark(fold);
  return true;
}

function go(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

const KEYS = { j: () => go("[data-after]"), k: () => go("[data-before]"), c: remark };

function press(event) {
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form === form) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=geef]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("[data-desk]") || writing(event.target)) return;
  const done = /^[1-4]$/.test(event.key) ? level(event.key) : KEYS[event.key.toLowerCase()]?.();
  if (done) event.preventDefault();
}

if (form) {
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => { if (event.target.form === form) { judge(); changed(); } });
  }
  judge();

  /* Whatever goes away from here waits until all is kept. */
  document.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (event.target === form) dirty = failed = false;
    const waits = event.target === form ? busy : keep();
    if (!waits) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    waits.finally(() => { dirty = false; target.requestSubmit(submitter); });
  }, true);

  document.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    if (phrase) {
      event.preventDefault();
      const text = field(phrase.dataset.phrase), chosen = field("zin").selectedOptions[0];
      const before = text.value.slice(0, text.selectionStart), after = text.value.slice(text.selectionEnd);
      const space = before && !/\s$/.test(before) ? " " : "";
      text.value = `${before}${space}${chosen.text}${after}`;
      const used = Object.assign(document.createElement("input"), { type: "hidden", name: "gebruikt", value: chosen.value });
      form.append(used);
      text.focus();
      changed();
    }
    const back = event.target.closest("[data-unchoose]");
    if (back) forget(back.closest("[data-remark]"));
  });

  document.addEventListener("files:moment", (event) => {
    const sound = event.target.closest("[data-sound]");
    const fold = sound?.querySelector("[data-moment]");
    if (!fold) return;
    fold.open = true;
    const whole = Math.floor(event.detail.second);
    field(`moment-${fold.dataset.moment}`).value = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    mark(fold);
  });

  document.addEventListener("mouseup", () => setTimeout(show));
  document.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") show(); });
  document.addEventListener("touchend", () => setTimeout(show, 300));

  const flush = () => keep(true);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  addEventListener("pagehide", flush);
  addEventListener("online", flush);
  addEventListener("beforeunload", (event) => { if (failed) event.preventDefault(); });
}
document.addEventListener("keydown", press);

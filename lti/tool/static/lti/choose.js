// Makes choosing quicker: what is found changes while somebody types, what was chosen stands below at once. Without this
// script the same buttons ask the server.

const form = document.querySelector("[data-picker]");
const boxes = [...form.querySelectorAll("input[name=item]")];
const search = form.elements.zoek;
const found = form.querySelector("[data-found]");
const chosen = form.querySelector("[data-chosen]");
const count = form.querySelector("[data-count]");
const TYPING = 250; // milliseconds without a key before what is found is said: not at every letter

function folded(text) {
  return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
}

function said(where, n) {
  const words = n === 0 ? where.dataset.none : n === 1 ? where.dataset.one : where.dataset.more;
  return words.replace("{n}", n);
}

function partsOf(node) {
  return [...node.querySelectorAll("[data-node]")].filter((part) => part.parentElement.closest("[data-node]") === node);
}

// As lti/tool/deeplinking/catalogue.py: found is what has all words, one at least in itself and the others in what it
// is part of; where nothing inside was found by itself, all that is inside stays in sight.
function show(node, wanted, around) {
  const own = node.dataset.node;
  const words = `${around} ${own}`;
  const parts = partsOf(node);
  const isInside = parts.map((part) => show(part, wanted, words)).includes(true);
  const isItself =
    wanted.length === 0 || (wanted.every((word) => words.includes(word)) && wanted.some((word) => own.includes(word)));
  if (isItself && !isInside) for (const part of parts) show(part, [], "");
  if (isInside && wanted.length > 0) parts[0].closest("details").open = true;
  node.hidden = !(isItself || isInside);
  return isItself || isInside;
}

function find() {
  const wanted = folded(search.value).split(/\s+/).filter(Boolean);
  const tops = [...form.querySelectorAll("[data-node]")].filter((node) => !node.parentElement.closest("[data-node]"));
  const n = tops.map((node) => show(node, wanted, "")).filter(Boolean).length;
  form.querySelector("[data-empty]").hidden = n > 0;
  found.textContent = wanted.length > 0 ? said(found, n) : "";
}

function draw() {
  const picked = boxes.filter((box) => box.checked);
  const list = chosen.querySelector("ul");
  const model = chosen.querySelector("template").content.firstElementChild;
  list.replaceChildren(
    ...picked.map((box) => {
      const line = model.cloneNode(true);
      const button = line.querySelector("button");
      line.querySelector("span").textContent = box.dataset.title;
      button.setAttribute("aria-label", button.dataset.label.replace("{titel}", box.dataset.title));
      button.addEventListener("click", () => {
        box.checked = false;
        draw();
        // What was pressed is gone: on with the next one, or with the list it stood in.
        (list.querySelector("button") ?? search).focus();
      });
      return line;
    }),
  );
  chosen.hidden = picked.length === 0;
  count.textContent = said(count, picked.length);
}

let waiting;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, TYPING);
});
form.addEventListener("change", (event) => {
  if (event.target.name === "item") draw();
});
// Coming back to this page the browser has filled in what was typed and chosen.
window.addEventListener("pageshow", () => {
  draw();
  if (search.value !== search.defaultValue) find();
});

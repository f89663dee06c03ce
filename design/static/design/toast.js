/* A note at the bottom of the page. Ask for one with
     document.dispatchEvent(new CustomEvent("toast", { detail: { text } }))
   where the text comes from the page (a data attribute). It stays until it is closed, or twelve seconds in which
   nobody points at it or has the focus in it: it never holds the only copy of anything. */
const WAIT = 12_000;
const place = document.querySelector("[data-toasts]");

document.addEventListener("toast", ({ detail }) => place?.append(note(detail.text)));

function note(text) {
  const box = document.createElement("p");
  box.className = "briefje";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "knop knop--stil";
  close.textContent = place.dataset.close;
  close.addEventListener("click", () => box.remove());
  box.addEventListener("keydown", (event) => event.key === "Escape" && box.remove());
  box.append(words, close);
  leave(box);
  return box;
}

function leave(box) {
  setTimeout(() => (box.matches(":hover, :focus-within") ? leave(box) : box.remove()), WAIT);
}

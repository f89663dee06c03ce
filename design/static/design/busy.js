/* A form that is on its way shows it on the button that was pressed, and a second press sends it no second time.
   Not for forms that a script sends itself: those say more. A form whose answer is a file leaves this page as it is,
   so after a while its button is there again. */
const PATIENCE = 8_000; // ms
const sent = new Map(); // form → its button

function free(form) {
  sent.get(form)?.removeAttribute("aria-busy");
  sent.delete(form);
}

// On the window: after what the document's own listeners decide.
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (sent.has(form)) { event.preventDefault(); return; }
  sent.set(form, event.submitter);
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => free(form), PATIENCE);
});
// Back by the back button: the page is as it was left.
window.addEventListener("pageshow", () => { for (const form of [...sent.keys()]) free(form); });

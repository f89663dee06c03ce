/* Opens a <dialog> from anything with data-dialog="its id"; a button with data-close-dialog shuts it. The browser keeps
   the focus inside, brings it back afterwards and closes on Escape. Without script the link to #id shows it in place. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal) {
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
    return;
  }
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
});

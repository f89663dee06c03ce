// The way into a window of our own works once: after the press this page says what happened instead.

document.querySelector("form[target=_blank]").addEventListener("submit", () => {
  // After the browser has read the form.
  setTimeout(() => {
    for (const part of document.querySelectorAll("[data-before]")) part.hidden = true;
    for (const part of document.querySelectorAll("[data-after]")) part.hidden = false;
  });
});

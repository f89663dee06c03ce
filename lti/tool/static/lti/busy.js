// A press that makes us ask an LMS something takes seconds: the button says that it is busy, and won't be pressed twice.
// The server counts a second press as the first.

for (const form of document.querySelectorAll("[data-busy-form]")) {
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-busy") === "true") event.preventDefault();
    button.setAttribute("aria-busy", "true");
  });
  // Back again by the browser's own button: the page may be as it was left.
  window.addEventListener("pageshow", () => button.removeAttribute("aria-busy"));
}

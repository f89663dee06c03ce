// A registration is done: the LMS that opened this window or frame may close it (LTI Dynamic Registration 1.0 §3.8).
// The message says nothing about anybody, and which site of the LMS opened us isn't known: hence to any.

const page = document.querySelector("[data-close-subject]");
const button = document.querySelector("[data-close]");
const lms = window.opener ?? (window.parent === window ? null : window.parent);

function tell() {
  lms?.postMessage({ subject: page.dataset.closeSubject }, "*");
}

button.hidden = !lms;
button.addEventListener("click", () => {
  tell();
  window.close();
});
tell();

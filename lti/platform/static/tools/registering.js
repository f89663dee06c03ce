// A tool that is done registering says so (LTI Dynamic Registration 1.0, 3.7): on to what came of it.

const frame = document.querySelector("[data-registering]");

window.addEventListener("message", ({ origin, data }) => {
  if (origin !== frame.dataset.registering) return;
  const subject = typeof data === "string" ? data : data?.subject;
  if (subject === "org.imsglobal.lti.close") window.location.assign(frame.dataset.next);
});

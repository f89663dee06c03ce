/* What every activity shares in the browser: a form is sent without loading the page, and nothing typed gets lost.

   <div data-activity> holds one activity; a form[data-activity-form] in it is posted with fetch, and the answer (the
   activity drawn anew: 200, or 422 with its errors) takes the place of what was inside. While there is no connection
   the form stays as it is and is sent later; what is sent is what the form shows at that moment. The server knows a
   repeated or stale post, so sending one again is safe. Without this script the same forms simply load a page.

   Words are attributes, on the activity or on an ancestor with [data-activity-words]:
     data-word-waiting, -offline, -sent, -refused, -expired, -reload
   Fires `activity:drawn` on the activity at load and after each swap; then `detail.unitDone` is how many required
   activities of the unit are done, when that changed, `detail.sent` the form this answers and `detail.refused` whether
   it came back with errors. */
(function () {
  "use strict";
  if (window.TussenruimteActivity) return; // each block asks for this script

  const LATER = [408, 425, 429]; // and all of 5xx: the same form may be right in a moment
  const EXPIRED = [401, 403, 409]; // signed out, or the content moved on
  const PATIENCE = 30_000, PATIENCE_FILE = 180_000; // ms before an answer counts as lost; a recording takes its time
  const queue = []; // forms to send, in the order they were pressed: {form, root, button, busy}
  const stranded = new Set(); // activities whose form was refused outright and is still on the page
  const drawn = new WeakSet();
  let running = false, tries = 0, timer = 0;

  const word = (root, name) =>
    root.getAttribute("data-word-" + name) ??
    root.closest("[data-activity-words]")?.getAttribute("data-word-" + name) ?? "";

  /* One line after the activity, outside what is swapped: a live region only speaks when it was there before. */
  function statusLine(root) {
    const next = root.nextElementSibling;
    if (next?.hasAttribute("data-activity-status")) return next;
    const line = document.createElement("p");
    line.setAttribute("data-activity-status", "");
    line.setAttribute("role", "status");
    line.className = "activiteit-stand";
    root.after(line);
    return line;
  }

  function say(root, name, reload) {
    const line = statusLine(root);
    line.textContent = name ? word(root, name) : "";
    if (!reload) return;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = word(root, "reload");
    link.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
    line.append(" ", link);
  }

  function draw(root, detail) {
    drawn.add(root);
    statusLine(root);
    root.dispatchEvent(new CustomEvent("activity:drawn", { bubbles: true, detail }));
  }

  function drawAll(within) {
    for (const root of within.querySelectorAll("[data-activity]")) if (!drawn.has(root)) draw(root);
  }

  /* While a form is under way its button waits and its text can't change: the answer will replace it. */
  function setBusy(entry, busy) {
    entry.busy = busy;
    entry.root.toggleAttribute("aria-busy", busy);
    if (busy) entry.root.setAttribute("aria-busy", "true");
    if (entry.button) {
      for (const state of ["aria-disabled", "aria-busy"]) {
        if (busy) entry.button.setAttribute(state, "true");
        else entry.button.removeAttribute(state);
      }
    }
    for (const field of entry.form.querySelectorAll("textarea, input[type=text]")) field.readOnly = busy;
  }

  function swap(root, html, detail) {
    root.innerHTML = html;
    stranded.delete(root);
    const target = root.querySelector("[data-focus]") ?? root;
    if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1;
    draw(root, detail);
    target.focus();
    // A browser leaves something taller than the window as it is; one reads from its beginning.
    if (target.getBoundingClientRect().top < 0) target.scrollIntoView();
  }

  async function post(entry) {
    const { form, button } = entry;
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    const whole = form.enctype === "multipart/form-data";
    const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/); // only Open edX and the workbench ask for it
    return fetch(button?.getAttribute("formaction") ?? form.getAttribute("action"), {
      method: "POST",
      headers: { "X-Fragment": "1", ...(csrf && { "X-CSRFToken": csrf[1] }) },
      body: whole ? data : new URLSearchParams(data),
      signal: AbortSignal.timeout(whole ? PATIENCE_FILE : PATIENCE),
    });
  }

  /* Sends one form. Returns "done", "later" (the server can't now), or "offline". */
  async function send(entry) {
    const { root } = entry;
    const slow = setTimeout(() => say(root, "waiting"), 600);
    setBusy(entry, true);
    let response, html;
    try {
      response = await post(entry);
      html = await response.text();
    } catch {
      return "offline";
    } finally {
      clearTimeout(slow);
      setBusy(entry, false);
    }
    const { status } = response;
    if (status >= 500 || LATER.includes(status)) {
      entry.after = Number(response.headers.get("Retry-After")) * 1000 || 0;
      return "later";
    }
    const page = response.redirected || /^\s*<(!doctype|html)/i.test(html); // a sign-in page, not an activity
    if ((status === 200 || status === 422) && !page) {
      say(root, entry.waited && status === 200 ? "sent" : "");
      const unitDone = response.headers.get("X-Unit-Done");
      swap(root, html, { unitDone, sent: entry.form, refused: status === 422 });
    } else {
      stranded.add(root);
      say(root, page || EXPIRED.includes(status) ? "expired" : "refused", true);
    }
    return "done";
  }

  async function run() {
    clearTimeout(timer);
    if (running) return;
    running = true;
    const held = new Set(); // an activity keeps its own order; another one need not wait for it
    let after = 0;
    for (const entry of [...queue]) {
      if (held.has(entry.root)) continue;
      const result = await send(entry);
      if (result === "done") {
        queue.splice(queue.indexOf(entry), 1);
        tries = 0;
        continue;
      }
      held.add(entry.root);
      after = Math.max(after, entry.after ?? 0);
      if (result === "offline") break;
    }
    for (const entry of queue) {
      if (!held.size) break; // pressed during this round: sent right away
      entry.waited = true;
      say(entry.root, "offline");
    }
    running = false;
    if (!queue.length) return;
    const pause = held.size ? Math.max(after, Math.min(60_000, 1000 * 2 ** tries++)) : 0;
    timer = setTimeout(run, pause * (1 + Math.random() / 4)); // not all browsers at once when the server is back
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const root = form.closest("[data-activity]");
    if (event.defaultPrevented || !root || !form.hasAttribute("data-activity-form")) return;
    event.preventDefault();
    const waiting = queue.find((entry) => entry.form === form);
    if (waiting?.busy) return; // a second click
    if (waiting) waiting.button = event.submitter;
    else queue.push({ form, root, button: event.submitter, busy: false });
    run();
  });

  window.addEventListener("online", () => { tries = 0; run(); });
  window.addEventListener("beforeunload", (event) => {
    if (queue.length || stranded.size) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  window.addEventListener("load", () => drawAll(document));
  if (document.readyState === "complete") drawAll(document);

  /* How the XBlock workbench and Open edX start a block; `element` may come wrapped by jQuery. */
  // A plain function: Open edX and the workbench call it with `new`.
  window.TussenruimteActivity = function (runtime, element) { drawAll(element[0] ?? element); };
})();

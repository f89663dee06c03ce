/* A form that keeps itself: form[data-concept] is posted to that address a moment after something changed. What comes
   back says so politely, and of a worksheet also what it is drawn from now and what the rules think. The button draws it
   anew.

   A press of a button waits for what is under way, or the two would look like two windows. */
(function () {
  "use strict";
  if (window.TussenruimteConcept) return;
  window.TussenruimteConcept = true;

  const PAUSE = 1200, AGAIN = 15_000;
  const states = new WeakMap(); // form → {timer, busy: promise or null, dirty, failed}
  const stateOf = (form) => states.get(form) ?? states.set(form, { timer: 0, busy: null, dirty: false, failed: false }).get(form);
  const mine = (event) => event.target.closest?.("form[data-concept]");

  function say(form, words) {
    const line = form.querySelector("[data-bewaard]");
    if (line && line.textContent !== words) line.textContent = words;
  }

  function later(form, pause) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => keep(form), pause);
  }

  async function post(form, keepalive) {
    const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    const answer = await fetch(form.dataset.concept, {
      method: "POST", keepalive,
      headers: { "X-Fragment": "1", ...(csrf && { "X-CSRFToken": csrf[1] }) },
      body: new URLSearchParams(new FormData(form)),
    });
    if ([401, 403, 409].includes(answer.status) || answer.redirected) return { expired: true };
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function keep(form, keepalive = false) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    if (!form.isConnected || !state.dirty) return null;
    if (state.busy) { later(form, PAUSE); return state.busy; }
    state.dirty = false;
    state.busy = post(form, keepalive).then((kept) => {
      state.failed = Boolean(kept.expired);
      if (kept.expired) return say(form, form.querySelector("[data-bewaard]").dataset.wordExpired);
      say(form, kept.said);
      if (kept.seen) form.elements.gezien.value = JSON.stringify(kept.seen);
      const undo = form.querySelector("[data-terug]");
      if (undo) undo.hidden = !kept.undo;
      const panel = form.querySelector("[data-paneel]");
      if (panel && kept.panel !== state.panel) panel.innerHTML = state.panel = kept.panel;
    }, () => {
      state.dirty = state.failed = true;
      say(form, form.querySelector("[data-bewaard]").dataset.wordOffline);
      later(form, AGAIN);
    }).finally(() => { state.busy = null; });
    return state.busy;
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = mine(event);
      if (!form) return;
      stateOf(form).dirty = true;
      later(form, PAUSE);
    });
  }

  document.addEventListener("submit", (event) => {
    const form = mine(event);
    if (!form) return;
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.failed = false;
    if (!state.busy) { state.dirty = false; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    state.busy.finally(() => form.requestSubmit(button));
  }, true);

  /* What was refused stands here and nowhere else: keep what can be kept of it. */
  document.addEventListener("activity:drawn", (event) => {
    for (const form of event.detail?.refused ? event.target.querySelectorAll("form[data-concept]") : []) {
      if (!form.querySelector("[aria-invalid=true]")) continue;
      stateOf(form).dirty = true;
      later(form, PAUSE);
    }
  });

  /* What is still to do may be folded away. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-activity] a[href^='#']");
    const fold = link && document.getElementById(link.hash.slice(1))?.closest("details");
    if (fold) fold.open = true;
  });

  const flush = () => { for (const form of document.querySelectorAll("form[data-concept]")) keep(form, true); };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  window.addEventListener("pagehide", flush);
  window.addEventListener("online", flush);
  window.addEventListener("beforeunload", (event) => {
    for (const form of document.querySelectorAll("form[data-concept]")) if (stateOf(form).failed) event.preventDefault();
  });
})();

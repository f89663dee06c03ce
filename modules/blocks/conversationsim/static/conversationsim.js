/* Small comforts around a conversation; everything works without them.

   data-sim-keep     a <details> that stays as the reader left it when the next turn is drawn
   data-sim-say      what to say politely after a turn while that <details> is open (the meters)
   data-sim-pause    "even stilstaan": its form moves into data-sim-dialog, so that the table waits behind it */
(function () {
  "use strict";
  if (window.TussenruimteGesprek) return; // a unit may hold two conversations
  window.TussenruimteGesprek = true;

  const open = new WeakMap(); // activity → names of what was left open

  function line(root) {
    let live = root.parentElement.querySelector(":scope > [data-sim-live]");
    if (!live) {
      live = document.createElement("p");
      live.className = "onzichtbaar";
      live.setAttribute("role", "status");
      live.setAttribute("data-sim-live", "");
      root.after(live);
    }
    return live;
  }

  function stay(root) {
    const kept = open.get(root) ?? new Set();
    open.set(root, kept);
    for (const part of root.querySelectorAll("details[data-sim-keep]")) {
      part.open ||= kept.has(part.dataset.simKeep);
      if (part.open && part.dataset.simSay) line(root).textContent = part.dataset.simSay;
      part.addEventListener("toggle", () => kept[part.open ? "add" : "delete"](part.dataset.simKeep));
    }
  }

  function pause(root) {
    const part = root.querySelector("details[data-sim-pause]"), dialog = root.querySelector("[data-sim-dialog]");
    if (!part || !dialog) return;
    const form = part.querySelector("form"), button = part.querySelector("summary");
    const show = () => { part.open = false; dialog.append(form); dialog.showModal(); form.querySelector("textarea").focus(); };
    button.setAttribute("role", "button");
    button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", (event) => { event.preventDefault(); show(); });
    dialog.addEventListener("close", () => { part.append(form); button.focus(); });
    if (part.open) show(); // drawn open: something is wrong with the note
  }

  document.addEventListener("activity:drawn", (event) => {
    stay(event.target);
    pause(event.target);
  });
})();

/* On a narrow page people come one at a time, with a step back and a step on; without this script, or where there is
   room, all stand under each other. Nothing is sent by a step: the form holds everybody, seen or not.

   The words are in the page (`data-stap`), which stays hidden until this script takes over. */
(function () {
  "use strict";
  if (window.TussenruimteMensen) return;
  window.TussenruimteMensen = true;

  const narrow = window.matchMedia("(max-width: 39.99rem)");
  const places = new WeakMap(); // activity → {moment, at: who is before them, all: everybody after all}
  const peopleOf = (root) => [...root.querySelectorAll("[data-mensen] > li")];

  function stateOf(root) {
    const moment = root.querySelector("[name=moment]")?.value ?? "";
    const known = places.get(root);
    if (known?.moment === moment) return known;
    const fresh = { moment, at: 0, all: false };
    places.set(root, fresh);
    return fresh;
  }

  function show(root) {
    const bar = root.querySelector("[data-stap]");
    if (!bar) return;
    const people = peopleOf(root), state = stateOf(root), one = narrow.matches && !state.all;
    people.forEach((person, place) => { person.hidden = one && place !== state.at; });
    bar.hidden = !narrow.matches;
    const where = bar.querySelector("[data-waar]");
    where.textContent = one ? where.dataset.waar.replace("{n}", String(state.at + 1)) : "";
    const [back, on] = ["vorige", "volgende"].map((name) => bar.querySelector(`[data-naar=${name}]`));
    back.hidden = !one || state.at === 0;
    on.hidden = !one || state.at === people.length - 1;
    bar.querySelector("[data-naar=allen]").hidden = !one;
    bar.querySelector("[data-naar=een]").hidden = one;
    // Done comes when everybody has a role, or at the end of the row: before that the way is on.
    const open = people.some((person) => !person.querySelector("select").value);
    root.querySelector("[data-klaar]").hidden = one && open && state.at < people.length - 1;
  }

  function go(root, place) {
    const people = peopleOf(root);
    stateOf(root).at = Math.max(0, Math.min(people.length - 1, place));
    show(root);
    const person = people[stateOf(root).at];
    person.tabIndex = -1;
    person.focus({ preventScroll: true });
    person.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("activity:drawn", (event) => {
    const people = peopleOf(event.target);
    const wrong = people.findIndex((person) => person.querySelector("[aria-invalid=true]"));
    if (wrong >= 0) stateOf(event.target).at = wrong;
    show(event.target);
  });

  document.addEventListener("click", (event) => {
    const root = event.target.closest?.("[data-activity]");
    if (!root?.querySelector("[data-stap]")) return;
    const where = event.target.closest("[data-naar]")?.dataset.naar, state = stateOf(root);
    if (where === "vorige") go(root, state.at - 1);
    if (where === "volgende") go(root, state.at + 1);
    if (where === "allen" || where === "een") { state.all = where === "allen"; go(root, state.at); }
    // What the error summary points at may be somebody who isn't on the page now.
    const link = event.target.closest("a[href^='#']");
    const asked = link ? peopleOf(root).findIndex((person) => person.contains(document.getElementById(link.hash.slice(1)))) : -1;
    if (asked >= 0) { state.at = asked; show(root); }
  }, true);

  document.addEventListener("change", (event) => {
    const root = event.target.closest?.("[data-mensen]")?.closest("[data-activity]");
    if (root) show(root);
  });
  narrow.addEventListener("change", () => { for (const bar of document.querySelectorAll("[data-stap]")) show(bar.closest("[data-activity]")); });
})();

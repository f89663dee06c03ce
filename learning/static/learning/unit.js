/* Moves the progress of the unit along when an activity in it is done, and points out what comes next when that was
   the last. The server says how many are done now; the sentence is an attribute, with {done} where the number goes. */
const bar = document.querySelector("[data-unit-progress] progress");
const words = document.querySelector("[data-unit-progress]")?.dataset.unitProgress;
const onward = document.querySelector("[data-unit-required]");

document.addEventListener("activity:drawn", (event) => {
  const done = event.detail?.unitDone;
  if (!done) return;
  if (bar) {
    bar.value = Number(done);
    bar.textContent = words.replace("{done}", done);
    bar.previousElementSibling.textContent = bar.textContent;
  }
  if (!onward || Number(done) < Number(onward.dataset.unitRequired)) return;
  for (const hidden of onward.querySelectorAll("[hidden]")) hidden.hidden = false;
  const next = onward.querySelector("[data-onward] .knop").classList;
  next.remove("utrecht-button--secondary-action");
  next.add("utrecht-button--primary-action", "knop--verder");
});

/* Moves the progress of the unit along when an activity in it is done. The server says how many are done now; the
   sentence is an attribute, with {done} where the number goes. */
const bar = document.querySelector("[data-unit-progress] progress");
const words = document.querySelector("[data-unit-progress]")?.dataset.unitProgress;

document.addEventListener("activity:drawn", (event) => {
  const done = event.detail?.unitDone;
  if (!bar || !done) return;
  bar.value = Number(done);
  bar.textContent = words.replace("{done}", done);
  bar.previousElementSibling.textContent = bar.textContent;
});

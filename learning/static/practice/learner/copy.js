/* Copies what stands in a field, where the browser lets a page do that. */
const field = document.querySelector("[data-kopie]");
const button = document.querySelector("[data-kopieer]");
if (field && button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.wordDone;
  });
}

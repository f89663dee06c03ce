// Buttons that copy what stands in the field before them. Without this script the field can be selected and copied by hand.

function say(words) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: words } }));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      say(button.dataset.done);
    } catch {
      // Not allowed here: it stands selected, for the keyboard.
    }
  });
}

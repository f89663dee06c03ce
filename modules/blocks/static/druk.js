/* On paper: [data-druk] prints, and shows only where there is script; [data-afdruk=name] holds what stands in that field. */
(function () {
  "use strict";
  if (window.TussenruimteDruk) return;
  window.TussenruimteDruk = true;

  window.addEventListener("beforeprint", () => {
    for (const copy of document.querySelectorAll("[data-afdruk]")) {
      const field = copy.closest("form")?.elements[copy.dataset.afdruk];
      if (field?.value !== undefined) copy.textContent = field.value;
    }
  });
  const show = () => { for (const button of document.querySelectorAll("[data-druk]")) button.hidden = false; };
  document.addEventListener("activity:drawn", show);
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-druk]")) window.print(); });
  show();
})();

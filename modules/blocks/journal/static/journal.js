/* Keeps what is typed in one form of the journal while another form is sent: the answer redraws them all.

   Only in the memory of this page, never in the browser's storage: others may use this computer too. */
(function () {
  "use strict";
  if (window.TussenruimteJournal) return;
  window.TussenruimteJournal = true;

  const drafts = new WeakMap(); // activity → {form's data-draft: {field's name: text}}

  document.addEventListener("submit", (event) => {
    const root = event.target.closest("[data-activity=journal]");
    if (!root) return;
    const kept = {};
    for (const form of root.querySelectorAll("form[data-draft]")) {
      if (form === event.target) continue;
      for (const field of form.querySelectorAll("textarea, input[type=text]")) {
        if (field.value !== field.defaultValue) (kept[form.dataset.draft] ??= {})[field.name] = field.value;
      }
    }
    drafts.set(root, kept);
  }, true);

  document.addEventListener("activity:drawn", (event) => {
    const kept = drafts.get(event.target) ?? {};
    for (const [name, fields] of Object.entries(kept)) {
      const form = event.target.querySelector(`form[data-draft="${CSS.escape(name)}"]`);
      for (const [field, value] of Object.entries(form ? fields : {})) form.elements[field].value = value;
      form?.closest("details")?.setAttribute("open", "");
    }
    drafts.delete(event.target);
  });
})();

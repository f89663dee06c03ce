/* Keeps what is typed in one form[data-draft] of an activity while another form is sent: the answer redraws them all.

   Only in the memory of this page, never in the browser's storage: others may use this computer too. */
(function () {
  "use strict";
  if (window.TussenruimteOtherForms) return;
  window.TussenruimteOtherForms = true;

  const drafts = new WeakMap(); // activity → {form's data-draft: {field's name: text, or "name=value" of a choice: true}}
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const fieldsOf = (form) => form.querySelectorAll("textarea, select, input:not([type=hidden], [type=file])");
  const changed = (field) => {
    if (isChoice(field)) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return ![...field.options].some((option) => option.selected && option.defaultSelected) && field.value !== "";
    return field.value !== field.defaultValue;
  };
  const nameOf = (field) => (isChoice(field) ? field.name + "=" + field.value : field.name);

  document.addEventListener("submit", (event) => {
    const root = event.target.closest("[data-activity]");
    if (!root?.querySelector("form[data-draft]")) return;
    const kept = {};
    for (const form of root.querySelectorAll("form[data-draft]")) {
      if (form === event.target) continue;
      for (const field of fieldsOf(form)) {
        if (changed(field)) (kept[form.dataset.draft] ??= {})[nameOf(field)] = isChoice(field) ? field.checked : field.value;
      }
    }
    drafts.set(root, kept);
  }, true);

  document.addEventListener("activity:drawn", (event) => {
    const kept = drafts.get(event.target) ?? {};
    for (const [name, fields] of Object.entries(kept)) {
      const form = event.target.querySelector(`form[data-draft="${CSS.escape(name)}"]`);
      for (const field of form ? fieldsOf(form) : []) {
        const value = fields[nameOf(field)];
        if (value === undefined) continue;
        if (isChoice(field)) field.checked = value;
        else field.value = value;
      }
      form?.closest("details")?.setAttribute("open", "");
    }
    drafts.delete(event.target);
  });
})();

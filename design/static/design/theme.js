/* Light, dark or as the system, without loading the page: what somebody was typing stays. Without script the
   form does the same by a redirect. */
for (const form of document.querySelectorAll("[data-theme-form]")) {
  form.addEventListener("submit", async (event) => {
    const chosen = event.submitter?.value;
    if (!chosen) return;
    event.preventDefault();
    const body = new URLSearchParams({ thema: chosen });
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" } });
      if (!response.ok) throw new Error(String(response.status));
    } catch {
      return; // nothing changes, so the pressed button still tells the truth
    }
    if (chosen === "systeem") delete document.documentElement.dataset.thema;
    else document.documentElement.dataset.thema = chosen;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === chosen));
  });
}

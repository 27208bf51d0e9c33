// Keeps what is typed: a form with data-draft-url posts its text fields there, two seconds after the last key.
// Sent: the fields, csrfmiddlewaretoken, and draft_page, the path of the page. Files, hidden fields, passwords stay.
(() => {
  const WAIT_MS = 2_000;
  const TYPED = "textarea[name], select[name], input[name]";
  const LEFT_OUT = ["hidden", "file", "password", "submit", "button"];

  function typed(form) {
    const sent = new URLSearchParams({ draft_page: location.pathname });
    for (const field of form.querySelectorAll(TYPED)) {
      if (LEFT_OUT.includes(field.type)) continue;
      if (["radio", "checkbox"].includes(field.type) && !field.checked) continue;
      sent.append(field.name, field.value);
    }
    return sent;
  }

  async function keep(form, said) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST", body: typed(form), headers: { "X-CSRFToken": token }, redirect: "error", keepalive: true,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
      said.textContent = `Draft kept ${now}`;
    } catch {
      said.textContent = "The draft could not be kept just now. What you typed is still on this page.";
    }
  }

  for (const form of document.querySelectorAll("form[data-draft-url]")) {
    const said = form.querySelector("[data-draft-said]");
    let timer = 0;
    if (!said) continue;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(form, said), WAIT_MS);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  }
})();

// Focus goes to what needs a person: data-error-summary; data-approve-check names a box to tick; data-fold closes itself.
(() => {
  document.querySelector("[data-error-summary]")?.focus();

  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
    for (const fold of document.querySelectorAll("details[data-fold][open]")) {
      if (!fold.contains(event.target)) fold.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const fold = document.querySelector("details[data-fold][open]");
    if (fold) {
      fold.open = false;
      fold.querySelector("summary").focus();
    }
  });

  // The server asks the same; here the person learns it before the page is sent.
  document.addEventListener("submit", (event) => {
    const box = document.querySelector(event.target.dataset.approveCheck || null);
    const said = document.querySelector("[data-approve-said]");
    if (!box || box.checked || event.submitter?.name === "change") return;
    event.preventDefault();
    if (said) said.hidden = false;
    box.focus();
  }, true);
})();

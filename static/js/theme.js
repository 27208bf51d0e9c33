// Light or dark: a person's choice on this machine, else the machine's own. Buttons: data-theme-choice="auto|light|dark".
(() => {
  const KEY = "breachcase-theme";
  const root = document.documentElement;
  const machine = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto"; // storage is shut: the machine's setting holds
    }
  }

  function keep(choice) {
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Nothing to keep it in: it holds for this page.
    }
  }

  function show(choice) {
    const dark = choice === "dark" || (choice === "auto" && machine.matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  }

  root.classList.add("js");
  show(chosen());
  machine.addEventListener("change", () => show(chosen()));
  document.addEventListener("DOMContentLoaded", () => show(chosen()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (button) {
      keep(button.dataset.themeChoice);
      show(button.dataset.themeChoice);
    }
  });
})();

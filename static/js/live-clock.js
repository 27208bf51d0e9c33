// Keeps the time left going: data-due (UTC) on an element, data-due-form="left" or "in". Says what ui.py says.
(() => {
  const EVERY_MS = 30_000;
  const NEAR_MIN = 100 * 60;

  function span(minutes) {
    return minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min`;
  }

  function said(minutes) {
    return minutes >= NEAR_MIN ? `${Math.floor(minutes / 1440)} days` : span(minutes);
  }

  const left = (minutes, over) => (over ? `overdue by ${said(minutes)}` : `${said(minutes)} left`);
  const near = (minutes, over) => (over ? `${said(minutes)} ago` : `in ${said(minutes)}`);

  function tick() {
    for (const place of document.querySelectorAll("[data-due]")) {
      const ms = Date.parse(place.dataset.due) - Date.now();
      if (Number.isNaN(ms)) continue;
      const minutes = Math.floor(Math.abs(ms) / 60_000);
      const say = place.dataset.dueForm === "left" ? left : near;
      const text = say(minutes, ms < 0);
      if (place.textContent !== text) place.textContent = text;
      if (place.dataset.dueForm === "left") place.classList.toggle("overdue", ms < 0);
    }
  }

  tick();
  setInterval(tick, EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  document.addEventListener("htmx:after:swap", tick);
})();

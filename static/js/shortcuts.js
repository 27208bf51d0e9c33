// Keys: "/" search (data-shortcut="/"), "g" then a letter for a room (links with data-room), "?" the list.
(() => {
  const WAIT_MS = 1_500;
  const list = document.querySelector("[data-shortcuts]");
  const rooms = new Map(); // letter → link; the first letter of the name that is still free
  let waiting = 0;

  for (const link of document.querySelectorAll("[data-room]")) {
    const letter = [...link.dataset.room.toLowerCase()].find((one) => /[a-z]/.test(one) && !rooms.has(one));
    if (letter) rooms.set(letter, link);
  }

  function describe() {
    const place = list.querySelector("[data-shortcuts-rooms]");
    if (place.childElementCount) return;
    for (const [letter, link] of rooms) {
      const term = document.createElement("dt");
      const key = document.createElement("kbd");
      const said = document.createElement("dd");
      key.textContent = `g ${letter}`;
      said.textContent = link.dataset.room;
      term.append(key);
      place.append(term, said);
    }
  }

  function press(event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (waiting && rooms.has(event.key)) {
      event.preventDefault();
      location.assign(rooms.get(event.key).href);
    } else if (event.key === "/") {
      const search = document.querySelector("[data-shortcut='/']");
      if (search?.checkVisibility()) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "?" && list) {
      describe();
      list.showModal();
    }
    clearTimeout(waiting);
    waiting = event.key === "g" ? setTimeout(() => { waiting = 0; }, WAIT_MS) : 0;
  }

  document.addEventListener("keydown", press);
})();

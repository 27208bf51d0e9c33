// A frame with data-drop-zone takes a file dropped anywhere on it, for the file input inside; data-drop-said names it.
(() => {
  function size(bytes) {
    const steps = ["bytes", "KB", "MB", "GB"];
    const step = Math.min(steps.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
    return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${steps[step]}`;
  }

  for (const zone of document.querySelectorAll("[data-drop-zone]")) {
    const input = zone.querySelector("input[type=file]");
    const said = zone.querySelector("[data-drop-said]");
    let depth = 0; // dragenter and dragleave come for each element inside

    const show = (over) => zone.classList.toggle("over", over);
    const name = () => {
      said.textContent = [...input.files].map((file) => `${file.name}, ${size(file.size)}`).join(" · ");
    };

    zone.addEventListener("dragenter", (event) => {
      event.preventDefault();
      show(++depth > 0);
    });
    zone.addEventListener("dragleave", () => show(--depth > 0));
    zone.addEventListener("dragover", (event) => event.preventDefault());
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      depth = 0;
      show(false);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", name);
    name();
  }

  // A file that misses the frame must not replace the page, and what was typed on it.
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
})();

"""Copy the few files that pages need out of node_modules into static/vendor, which is not committed."""

from pathlib import Path
import re

ROOT = Path(__file__).resolve().parent.parent
SOURCE_MAP = re.compile(rb"(//|/\*)# sourceMappingURL=\S+( ?\*/)?")
"""A map that is not there would be asked for on every page."""
FONT = "@fontsource/noto-sans/files/noto-sans"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "axe-core/axe.min.js": "axe/axe.min.js",
    **{
        f"{FONT}-{script}-{weight}-normal.woff2": f"fonts/noto-sans-{script}-{weight}.woff2"
        for script in ("latin", "latin-ext", "greek", "cyrillic")
        for weight in (400, 700)
    },
}

if __name__ == "__main__":
    for source, target in FILES.items():
        place = ROOT / "static" / "vendor" / target
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / "node_modules" / source).read_bytes()
        place.write_bytes(SOURCE_MAP.sub(b"", text))

"""Refuse a commit whose first line is not `area: Do the thing.` within 72 characters."""

from pathlib import Path
import re
import sys

SUBJECT = re.compile(r"[a-z][a-z-]*: [A-Z].*\.")
LONGEST = 72

if __name__ == "__main__":
    subject = Path(sys.argv[1]).read_text().splitlines()[0]
    if len(subject) > LONGEST or not SUBJECT.fullmatch(subject):
        sys.exit(f"The first line must read `area: Do the thing.`, at most {LONGEST} characters: {subject}")

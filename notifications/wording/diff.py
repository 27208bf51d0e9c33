"""What changed between two wordings, word by word, ready to be shown with ins and del. PURE."""

from dataclasses import dataclass
from difflib import SequenceMatcher
import re

from notifications.wording.sections import SECTIONS, Wording, texts

_TITLES = {"subject": "Subject", "opening": "Opening", "closing": "Closing"} | {
    one.key: one.heading for one in SECTIONS
}
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words that is the ``same`` in both, ``gone``, or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PlaceDiff:
    """One part of the letter: its parts in order, and how many places in it changed."""

    title: str
    parts: tuple[Part, ...]
    changes: int


def diff(before: Wording, after: Wording) -> tuple[PlaceDiff, ...]:
    """
    Return the differences by place, in the order of the letter.

    >>> [(part.kind, part.text) for part in diff(Wording("a b", "", {}, ""), Wording("a c", "", {}, ""))[0].parts]
    [('same', 'a '), ('gone', 'b'), ('new', 'c')]
    """
    old, new = dict(texts(before)), dict(texts(after))
    return tuple(_place(_TITLES[place], old[place], new[place]) for place in old)


def changes(before: Wording, after: Wording) -> int:
    """
    Return how many places changed.

    >>> changes(Wording("a b", "", {}, ""), Wording("a c", "", {}, ""))
    1
    """
    return sum(place.changes for place in diff(before, after))


def _place(title: str, old: str, new: str) -> PlaceDiff:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    parts: list[Part] = []
    changed = 0
    for kind, b0, b1, a0, a1 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(before[b0:b1])))
            continue
        changed += 1
        if b1 > b0:
            parts.append(Part("gone", "".join(before[b0:b1])))
        if a1 > a0:
            parts.append(Part("new", "".join(after[a0:a1])))
    return PlaceDiff(title, tuple(parts), changed)

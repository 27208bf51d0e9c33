"""A wording to data subjects: the parts that Article 34(2) asks for, and the hash that an approval binds. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
import json

import rfc8785


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the letter: its heading, and the sentence that helps to write it."""

    key: str
    heading: str
    guidance: str


SECTIONS: tuple[Section, ...] = (
    Section(
        "what_happened", "What happened", "The breach, its day, and that it was ours. In clear and plain language."
    ),
    Section("what_information", "What information of yours it concerns", "Exactly which data, and which not."),
    Section(
        "what_it_may_mean",
        "What it may mean for you",
        "The likely consequences, said honestly (Art. 34(2), 33(3)(c)).",
    ),
    Section("what_we_have_done", "What we have done", "Measures taken and planned, with days (Art. 33(3)(d))."),
    Section("what_you_can_do", "What you can do", "Concrete steps: delete, beware, change, ask."),
    Section(
        "whom_to_ask", "Whom to ask", "A person or place that answers, and the right to complain (Art. 33(3)(b))."
    ),
)
KEYS = tuple(section.key for section in SECTIONS)


@dataclass(frozen=True, slots=True)
class Wording:
    """
    Everything that will be sent, before a name stands in it.

    ``sections`` holds the text of each of SECTIONS by its key; paragraphs are separated by an empty line.
    """

    subject: str
    opening: str
    sections: Mapping[str, str]
    closing: str
    language: str = "en"


def canonical(wording: Wording) -> bytes:
    """
    Return the one way to write this wording down: RFC 8785 JSON, UTF-8.

    >>> canonical(Wording("S", "Dear {{ name }},", {}, "Yours")).decode()[:34]
    '{"closing":"Yours","language":"en"'
    """
    return rfc8785.dumps(
        {
            "subject": wording.subject,
            "opening": wording.opening,
            "sections": {key: wording.sections.get(key, "") for key in KEYS},
            "closing": wording.closing,
            "language": wording.language,
        }
    )


def fingerprint(wording: Wording) -> str:
    """
    Return the SHA-256 [hex] that an approval binds (I4): any changed character gives another.

    >>> fingerprint(Wording("a", "", {}, "")) == fingerprint(Wording("b", "", {}, ""))
    False
    """
    return sha256(canonical(wording)).hexdigest()


def from_canonical(text: str) -> Wording:
    """
    Read a wording back from what ``canonical`` wrote.

    >>> from_canonical(canonical(Wording("S", "", {}, "")).decode()).subject
    'S'
    """
    raw = json.loads(text)
    return Wording(raw["subject"], raw["opening"], raw["sections"], raw["closing"], raw["language"])


def texts(wording: Wording) -> list[tuple[str, str]]:
    """
    Return every text of the wording with the name of its place, in the order of the letter.

    >>> [place for place, _ in texts(Wording("S", "", {}, ""))][:3]
    ['subject', 'opening', 'what_happened']
    """
    inner = [(key, wording.sections.get(key, "")) for key in KEYS]
    return [("subject", wording.subject), ("opening", wording.opening), *inner, ("closing", wording.closing)]

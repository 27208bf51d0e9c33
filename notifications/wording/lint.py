"""What is checked before a wording may be approved: what blocks, and what needs an answer. PURE."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import re

from notifications.wording.placeholders import problems
from notifications.wording.reading_ease import HARD_BELOW, reading_ease
from notifications.wording.sections import SECTIONS, Wording, texts

LONG_SENTENCE_WORDS = 35
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/])\+?\d[\d ()/-]{7,}\d(?!\w)")
_SENTENCE = re.compile(r"[^.!?\n]+")

BLAMING: Mapping[str, str] = {
    "human error": "It puts the fault on a person. Say what failed in how we work.",
    "an employee": "It points at a person. Say what happened, not who.",
    "a member of staff": "It points at a person. Say what happened, not who.",
    "rogue": "It judges a person before anything is decided.",
    "carelessness": "It judges a person before anything is decided.",
}
BELITTLING: Mapping[str, str] = {
    "merely": "It makes the breach small. Say what it is.",
    "only email": "It makes the breach small. Say which data, without “only”.",
    "only e-mail": "It makes the breach small. Say which data, without “only”.",
    "no cause for concern": "The reader decides what concerns them. Say what may follow.",
    "we take your privacy": "Readers no longer believe this sentence. Say what you have done.",
    "protection of your data very seriously": "Readers no longer believe this sentence. Say what you have done.",
    "inconvenience": "It makes the breach small. Say sorry for what happened.",
    "out of an abundance of caution": "It makes the breach small. Say why you write.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check has found; what ``blocks`` must be mended, the rest may be answered with a reason."""

    code: str
    blocks: bool
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks need to know: our own addresses and numbers may stand in a letter, other people's may not."""

    own_contacts: frozenset[str]
    own_domains: frozenset[str]


def check(wording: Wording, facts: Facts) -> tuple[Finding, ...]:
    """
    Return everything the checks find, what blocks first.

    >>> empty = Wording("Your data", "Dear {{ name }},", {}, "Yours")
    >>> check(empty, Facts(frozenset(), frozenset()))[0].sentence
    'The section “What happened” is empty. Article 34 asks for it.'
    """
    found = [
        *_missing(wording),
        *_placeholders(wording),
        *_foreign_data(wording, facts),
        *_phrases(wording),
        *_style(wording),
    ]
    return tuple(sorted(found, key=lambda finding: not finding.blocks))


def _missing(wording: Wording) -> Iterator[Finding]:
    if not wording.subject.strip():
        yield Finding("missing.subject", blocks=True, place="subject", sentence="The subject line is empty.")
    for section in SECTIONS:
        if not wording.sections.get(section.key, "").strip():
            sentence = f"The section “{section.heading}” is empty. Article 34 asks for it."
            yield Finding(f"missing.{section.key}", blocks=True, place=section.key, sentence=sentence)


def _placeholders(wording: Wording) -> Iterator[Finding]:
    for place, text in texts(wording):
        for number, sentence in enumerate(problems(text)):
            yield Finding(f"placeholder.{place}.{number}", blocks=True, place=place, sentence=sentence)


def _foreign_data(wording: Wording, facts: Facts) -> Iterator[Finding]:
    own = {contact.lower().replace(" ", "") for contact in facts.own_contacts}
    for place, text in texts(wording):
        emails = [
            one for one in _EMAIL.findall(text) if one.lower() not in own and _domain(one) not in facts.own_domains
        ]
        phones = [one for one in _PHONE.findall(text) if one.replace(" ", "") not in own]
        if emails:
            sentence = "There is an e-mail address in it that is not ours. A letter names nobody but its reader."
            yield Finding(f"foreign_email.{place}", blocks=True, place=place, sentence=sentence)
        if phones:
            sentence = "There is a number in it that may be somebody's telephone. Check it, and say whose it is."
            yield Finding(f"phone.{place}", blocks=False, place=place, sentence=sentence)


def _phrases(wording: Wording) -> Iterator[Finding]:
    for place, text in texts(wording):
        lowered = " ".join(text.lower().split())
        for kind, phrases in (("blaming", BLAMING), ("belittling", BELITTLING)):
            for phrase, why in phrases.items():
                if phrase in lowered:
                    yield Finding(f"{kind}.{place}.{phrase}", blocks=False, place=place, sentence=f"“{phrase}”: {why}")


def _style(wording: Wording) -> Iterator[Finding]:
    whole = "\n\n".join(text for _, text in texts(wording))
    ease = reading_ease(whole)
    if wording.language == "en" and ease is not None and ease < HARD_BELOW:
        sentence = (
            f"It is hard to read (reading ease {ease:.0f}; aim above {HARD_BELOW:.0f}). Write shorter sentences."
        )
        yield Finding("reading_ease", blocks=False, place="", sentence=sentence)
    longest = max((len(one.split()) for one in _SENTENCE.findall(whole)), default=0)
    if longest > LONG_SENTENCE_WORDS:
        sentence = f"One sentence has {longest} words. Make two of it."
        yield Finding("long_sentence", blocks=False, place="", sentence=sentence)
    if not re.search(r"\b(sorry|apologi[sz]e|apology)\b", whole, re.IGNORECASE):
        yield Finding("no_apology", blocks=False, place="", sentence="Nowhere does it say sorry.")


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()

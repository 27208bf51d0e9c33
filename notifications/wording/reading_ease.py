"""How hard a text is to read: Flesch's formula for English, with syllables estimated from vowels. PURE."""

import re

HARD_BELOW = 50.0
"""Flesch: 50 to 60 is fairly difficult, below 50 difficult; a letter to everybody should stay above."""
_WORD = re.compile(r"[A-Za-z']+")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """
    Estimate the syllables [≥ 1] of an English word: groups of vowels, a silent "e" at the end not counted.

    >>> [syllables(word) for word in ("breach", "information", "we", "made")]
    [1, 4, 1, 1]
    """
    bare = word.lower().strip("'")
    count = len(_VOWELS.findall(bare))
    if bare.endswith("e") and not bare.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(1, count)


def reading_ease(text: str) -> float | None:
    """
    Return Flesch's reading ease (about 0 to 120, higher is easier); None where there are too few words to say.

    >>> reading_ease("too short") is None
    True
    """
    words = _WORD.findall(text)
    if len(words) < 30:  # noqa: PLR2004 - below, one long word decides
        return None
    sentences = max(1, len(_SENTENCE.findall(text)))
    per_word = sum(map(syllables, words)) / len(words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * per_word

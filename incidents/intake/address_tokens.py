"""
A header's list of addresses cut into tokens: words, quoted strings, comments, brackets, separators (RFC 5322 3.2).

Marks without a partner become words. Time grows with the length of the text, not with its square: nothing is looked at
more than twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
import re

from incidents.intake.encoded import encoded_word_at

_ORDINARY = re.compile(r'[^\s"(<>,;:=\[]+')
_SPACES = re.compile(r"\s+")
_ENDS_OF_ANGLE = re.compile(r'[<>"]')


class Sort(Enum):
    """What a token is."""

    WORD = auto()
    QUOTED = auto()
    ANGLE = auto()
    COMMENT = auto()
    COMMA = auto()
    SEMICOLON = auto()
    COLON = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the list; ``spaced``: white space stands before it; ``closed``: a bracket has its partner."""

    sort: Sort
    text: str
    spaced: bool
    closed: bool = True


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of the list in order."""
    scan = _Scanner(text)
    while scan.position < len(text):
        if token := scan.token():
            yield token


class _Scanner:
    """Cut the text into tokens; ``unclosed`` remembers which marks have no partner left, so nobody looks twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.spaced = False
        self.unclosed: set[str] = set()

    def token(self) -> Token | None:
        """Return the next token; None where there was only white space."""
        if blank := _SPACES.match(self.text, self.position):
            self.position = blank.end()
            self.spaced = True
            return None
        token = self._one(self.text[self.position])
        self.spaced = False
        return token

    def _one(self, char: str) -> Token:
        if char in _SEPARATORS:
            return self._took(_SEPARATORS[char], self.position + 1, char)
        if char == "<":
            return self._angle()
        if char in _CLOSERS:
            sort, close = _CLOSERS[char]
            end = close(self, self.position)
            if end > 0:
                inner = 1 if sort is Sort.COMMENT else 0
                return self._took(sort, end, self.text[self.position + inner : end - inner])
        return self._word()

    def _word(self) -> Token:
        found = _ORDINARY.match(self.text, self.position)
        end = found.end() if found else self.position + 1
        return self._took(Sort.WORD, end, self.text[self.position : end])

    def _took(self, sort: Sort, end: int, text: str, *, closed: bool = True) -> Token:
        self.position = end
        return Token(sort, text, self.spaced, closed)

    def close_of_quote(self, start: int) -> int:
        """Return the end of the quoted string that begins at ``start``, or -1."""
        if '"' in self.unclosed:
            return -1
        place = start + 1
        while (place := self._next_of('"\\', place)) >= 0:
            if self.text[place] == '"':
                return place + 1
            place += 2
        self.unclosed.add('"')
        return -1

    def close_of_comment(self, start: int) -> int:
        """Return the end of the comment that begins at ``start``, or -1."""
        if "(" in self.unclosed:
            return -1
        depth, place = 0, start
        while (place := self._next_of("()\\", place)) >= 0:
            if self.text[place] == "\\":
                place += 2
                continue
            depth += 1 if self.text[place] == "(" else -1
            place += 1
            if depth == 0:
                return place
        self.unclosed.add("(")
        return -1

    def close_of_literal(self, start: int) -> int:
        """Return the end of "[192.0.2.1]"; only short ones are, and only after an @."""
        if start == 0 or self.text[start - 1] != "@":
            return -1
        return self.text.find("]", start, start + 64) + 1 or -1

    def close_of_encoded(self, start: int) -> int:
        """Return the end of the encoded word that begins at ``start``, or -1."""
        return encoded_word_at(self.text, start)

    def _next_of(self, marks: str, place: int) -> int:
        found = _MARKS[marks].search(self.text, place)
        return found.start() if found else -1

    def _angle(self) -> Token:
        """Take "<…>"; one that is never closed ends at the next comma or semicolon."""
        start = self.position + 1
        while self.text.startswith("<", start):
            start += 1
        place = start
        while found := _ENDS_OF_ANGLE.search(self.text, place):
            if found[0] == '"' and (end := self.close_of_quote(found.start())) > 0:
                place = end
            elif found[0] == '"':
                place = found.end()
            else:
                break
        if found and found[0] == ">":
            return self._took(Sort.ANGLE, found.end(), self.text[start : found.start()])
        stop = found.start() if found else len(self.text)
        cut = _SEPARATOR.search(self.text, start, stop)
        end = cut.start() if cut else stop
        return self._took(Sort.ANGLE, end, self.text[start:end], closed=False)


_MARKS = {'"\\': re.compile(r'["\\]'), "()\\": re.compile(r"[()\\]")}
_SEPARATOR = re.compile(r"[,;]")
_SEPARATORS = {",": Sort.COMMA, ";": Sort.SEMICOLON, ":": Sort.COLON}
_CLOSERS: dict[str, tuple[Sort, Callable[[_Scanner, int], int]]] = {
    '"': (Sort.QUOTED, _Scanner.close_of_quote),
    "(": (Sort.COMMENT, _Scanner.close_of_comment),
    "[": (Sort.WORD, _Scanner.close_of_literal),
    "=": (Sort.WORD, _Scanner.close_of_encoded),
}

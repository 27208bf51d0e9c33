"""
A header's list of addresses (RFC 5322 3.4) taken apart in one pass, as people and programs really write it.

Understood beyond the standard: semicolons or nothing at all between addresses, unquoted commas in a surname-first
name, quotation marks and brackets that are never closed, encoded words with commas in them, several addresses in one
pair of brackets, "mailto:". Time grows with the length of the text, not with its square: nothing is looked at more
than twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
import re

from incidents.intake.address_tokens import Sort, Token, tokens_of

_COMMENT = re.compile(r"\([^()]{0,1000}\)")
_SURNAME = re.compile(r"[^\W\d_][^\W\d_'\u2019-]*(?:[-'\u2019][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the list: the name (still encoded), what should be an address, the group, what was odd."""

    name: str
    address: str
    group: str | None
    problems: tuple[str, ...] = ()


NO_SEPARATOR = "Nothing parts this address from the one before it."
COMMA_IN_NAME = "The comma in the name should stand in quotation marks."
NO_BRACKETS = "The address should stand in angle brackets behind the name."
NOT_CLOSED = "The bracket before this address is not closed."
GROUP_IN_GROUP = "A group begins inside another group."


def entries(text: str) -> Iterator[Entry]:
    """
    Yield each entry of the list in order.

    >>> [(one.name, one.address) for one in entries('"Berg, A." <a@x.example>; b@y.example')]
    [('Berg, A.', 'a@x.example'), ('', 'b@y.example')]
    """
    return _Parser().read(tokens_of(text))


@dataclass(slots=True)
class _Open:
    """The entry that is being collected."""

    words: list[Token] = field(default_factory=list)
    angle: Token | None = None
    has_at: bool = False
    comments: list[str] = field(default_factory=list)
    after: list[Token] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.angle or self.comments)


class _Parser:
    def __init__(self) -> None:
        self.group: str | None = None
        self.open = _Open()
        self.surname = ""

    def read(self, tokens: Iterator[Token]) -> Iterator[Entry]:
        for token in tokens:
            if token.sort in {Sort.COMMA, Sort.SEMICOLON}:
                yield from self._close(by_comma=token.sort is Sort.COMMA)
                if token.sort is Sort.SEMICOLON:
                    yield from self._lone_surname()
                    self.group = None
            elif token.sort is Sort.COLON:
                yield from self._colon(token)
            else:
                yield from self._take(token)
        yield from self._close(by_comma=False)
        yield from self._lone_surname()

    def _take(self, token: Token) -> Iterator[Entry]:
        if token.sort is Sort.COMMENT:
            self.open.comments.append(token.text)
        elif token.sort is Sort.ANGLE:
            if self.open.angle:
                following, self.open.after = self.open.after, []
                yield from self._close(by_comma=False)
                self.open.words = following
                self.open.problems.append(NO_SEPARATOR)
            self.open.angle = token
        elif self.open.angle:
            self.open.after.append(token)
        else:
            self.open.words.append(token)
            self.open.has_at = self.open.has_at or "@" in token.text

    def _colon(self, token: Token) -> Iterator[Entry]:
        """Open a group, unless the colon belongs to "mailto:" or to something that is an address already."""
        words = self.open.words
        if self.open.angle or self.open.has_at or not words:
            yield from self._take(Token(Sort.WORD, ":", token.spaced))
            return
        if len(words) > 1 or words[0].text.lower() not in {"mailto", "smtp"}:
            yield from self._lone_surname()
            if self.group is not None:
                self.open.problems.append(GROUP_IN_GROUP)
            self.group = _unquoted(words)
        self.open.words = []

    def _close(self, *, by_comma: bool) -> Iterator[Entry]:
        """Yield what the collected entry holds; a lone surname waits for the first name behind the comma."""
        done, self.open = self.open, _Open()
        if done.is_empty:
            return
        if done.angle is None:
            yield from self._without_angle(done, by_comma=by_comma)
            return
        name = _unquoted(done.words)
        if self.surname and name and not any(word.sort is Sort.QUOTED for word in done.words):
            name, self.surname = f"{self.surname}, {name}", ""
            done.problems.append(COMMA_IN_NAME)
        yield from self._lone_surname()
        yield from self._of_angle(done, done.angle, name)
        yield from self._bare(done.after, needs_at=True)

    def _of_angle(self, done: _Open, angle: Token, name: str) -> Iterator[Entry]:
        if not angle.closed:
            done.problems.append(NOT_CLOSED)
        name = name or " ".join(done.comments) or _unquoted([word for word in done.after if "@" not in word.text])
        several = _several(_without_route(angle.text))
        for one in several:
            yield Entry(name if len(several) == 1 else "", one, self.group, tuple(done.problems))

    def _without_angle(self, done: _Open, *, by_comma: bool) -> Iterator[Entry]:
        yield from self._lone_surname()
        words = done.words
        if by_comma and len(words) == 1 and words[0].sort is Sort.WORD and _is_surname(words[0].text):
            self.surname = words[0].text
            return
        yield from self._bare(words, needs_at=False, comment=" ".join(done.comments), problems=tuple(done.problems))

    def _lone_surname(self) -> Iterator[Entry]:
        if self.surname:
            alone, self.surname = self.surname, ""
            yield Entry("", alone, self.group)

    def _bare(
        self, words: list[Token], *, needs_at: bool, comment: str = "", problems: tuple[str, ...] = ()
    ) -> Iterator[Entry]:
        """
        Yield the addresses that stand without brackets among ``words``.

        Words before one are its name if they look like a name; else a space has come into the address, and the whole
        is yielded as it stands, to be found unreadable rather than read as somebody else's.
        """
        before: list[str] = []
        found = False
        for group in _tight(words):
            if not _has_at(group):
                before.append(group)
                continue
            odd = (*problems, NO_SEPARATOR) if found else problems
            if before and not all(_is_like_a_name(word) for word in before):
                yield Entry(comment, " ".join([*before, group]), self.group, odd)
            elif before:
                name = " ".join(_strip_quotes(word) for word in before)
                yield Entry(name, group, self.group, (*problems, NO_BRACKETS))
            else:
                yield Entry(comment, group, self.group, odd)
            before, found = [], True
        if before and not needs_at:
            yield Entry(comment, " ".join(before), self.group, problems)


def _has_at(text: str) -> bool:
    return "@" in text and not (text[0] == '"' == text[-1])


def _is_like_a_name(text: str) -> bool:
    return text.startswith(('"', "=?")) or (text[0].isalpha() and not text[0].islower())


def _tight(words: list[Token]) -> list[str]:
    """Return the words, those joined that no space parts or that an @ binds together."""
    made: list[list[str]] = []
    binds = False
    for word in words:
        if made and (not word.spaced or binds or word.text.startswith("@")):
            made[-1].append(word.text)
        else:
            made.append([word.text])
        binds = word.text.endswith("@")
    return ["".join(parts) for parts in made]


def _unquoted(words: list[Token]) -> str:
    """Return a phrase as people read it: quotation marks and backslashes gone."""
    return "".join(
        f"{' ' if word.spaced else ''}{_strip_quotes(word.text) if word.sort is Sort.QUOTED else word.text}"
        for word in words
    ).strip()


def _strip_quotes(text: str) -> str:
    if len(text) > 1 and text[0] == '"' == text[-1]:
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _is_surname(text: str) -> bool:
    return text[0].isupper() and _SURNAME.fullmatch(text) is not None


def _without_route(inside: str) -> str:
    """Return the address behind an old source route: "<@hop,@hop:a@b>" (RFC 5321 appendix C)."""
    inside = inside.strip().lstrip(",")
    if inside.startswith("@") and ":" in inside:
        return inside.rpartition(":")[2].strip()
    return inside


def _several(inside: str) -> list[str]:
    """Return the addresses inside one pair of brackets; several only where each part has an @."""
    if "(" in inside and '"' not in inside:
        inside = _COMMENT.sub(" ", inside)
    bare = "@".join(part.strip() for part in " ".join(inside.split()).split("@"))
    if '"' in bare:
        return [bare]
    bare = bare.replace(" . ", ".")
    parts = [part.strip() for part in bare.replace(";", ",").split(",")]
    return parts if len(parts) > 1 and all("@" in part for part in parts) else [bare]

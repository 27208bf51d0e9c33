"""The header block of a message: lines into fields, fields into text, whatever somebody wrote there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import re

from incidents.intake.encoded import decoded, text_in, text_of
from incidents.intake.lines import Lines

HEADER_BLOCK_LIMIT_BYTES = 16 * 1024 * 1024
"""What is read of a header block; 1,500 recipients need about 0.1 MB."""
HEADER_LIMIT = 20_000
"""How many header fields are read."""
SHOWN_LIMIT_CHARS = 2_000
"""How much of a header's text is passed on for showing."""
_LOOK_AHEAD_LINES = 60
_GARBAGE_LIMIT_LINES = 5

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = frozenset(
    # One text is easier to read and to add to than fifty literals.
    """
    from to cc bcc subject date sender received return-path delivered-to message-id mime-version reply-to content-type
    content-transfer-encoding content-disposition in-reply-to references user-agent status authentication-results
    dkim-signature apparently-to errors-to envelope-to thread-topic newsgroups path lines keywords comments importance
    priority precedence organization received-spf
    """.split()  # noqa: SIM905
)
_KNOWN_PREFIXES = ("x-", "list-", "resent-", "arc-", "content-")
_CHARSET = re.compile(rb"charset[ ]{0,4}=[ ]{0,4}\"?([A-Za-z0-9_.:-]{1,60})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """One field: its name as written, its unfolded value in text, with encoded words still encoded."""

    name: str
    value: str

    @property
    def text(self) -> str:
        """Return the value for showing: decoded, on one line, cut at SHOWN_LIMIT_CHARS."""
        return cut(decoded(self.value[: 4 * SHOWN_LIMIT_CHARS]))


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """
    The fields of one message or part in order, and what was wrong with them.

    ``ended``: something follows them, so that they were not cut off.
    """

    fields: tuple[Header, ...]
    problems: tuple[str, ...]
    ended: bool

    def all(self, *names: str) -> tuple[Header, ...]:
        """Return the fields with one of these names (lower case), in order."""
        return tuple(field for field in self.fields if field.name.lower() in names)

    def first(self, name: str) -> str:
        """Return the value of the first field of this name (lower case), "" where there is none."""
        return next((field.value for field in self.fields if field.name.lower() == name), "")

    @property
    def is_a_messages(self) -> bool:
        """Return whether a mail program may have written these: at least one name that messages have."""
        names = {field.name.lower() for field in self.fields}
        return not names.isdisjoint(_KNOWN) or any(name.startswith(_KNOWN_PREFIXES) for name in names)


def cut(text: str, limit: int = SHOWN_LIMIT_CHARS) -> str:
    """
    Return ``text``, at most ``limit`` [characters] of it.

    >>> cut("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def read_headers(lines: Lines, stops_at: Callable[[bytes], bool] | None = None) -> HeaderBlock:
    """
    Read fields up to the blank line; what is no field is left out and said, and what follows is still found.

    ``stops_at``: says of a line that it belongs to what comes after, such as a boundary; it is left in ``lines``.
    """
    return _Reader(lines, stops_at).read()


class _Reader:
    def __init__(self, lines: Lines, stops_at: Callable[[bytes], bool] | None) -> None:
        self.lines = lines
        self.stops_at = stops_at or (lambda _: False)
        self.may_be_empty = stops_at is not None
        self.raw: list[tuple[str, list[bytes]]] = []
        self.problems: dict[str, None] = {}
        self.ended = False
        self.size = 0
        self.garbage = 0

    def read(self) -> HeaderBlock:
        while (line := self.lines.next()) is not None:
            if self.stops_at(line):
                self.lines.push_back((line,))
                break
            bare = line.rstrip(b"\r\n")
            self.size += len(line)
            if not bare.strip():
                if self._is_end(bare):
                    self.ended = True
                    break
            elif not self._take(bare):
                break
        charset = self._charset()
        fields = tuple(Header(name, _joined(parts, charset, self.problems)) for name, parts in self.raw)
        return HeaderBlock(fields, tuple(self.problems), self.ended)

    def _is_end(self, blank: bytes) -> bool:
        """Return whether a blank line ends the block; one of white space may be an empty fold (RFC 5322 4.2)."""
        if not self.raw and not self.may_be_empty:
            return False
        following = self.lines.peek(1) if blank else ()
        return not any(line[:1] in {b" ", b"\t"} or _is_known_field(line) for line in following)

    def _take(self, bare: bytes) -> bool:
        """Take a line in; return whether the block goes on."""
        if bare[0] in b" \t" and self.raw:
            if self.size <= HEADER_BLOCK_LIMIT_BYTES:
                self.raw[-1][1].append(bare)
            else:
                self._note("The headers are too long to be read to their end; what comes late in them is missing.")
            return True
        found = _FIELD.match(bare)
        if found is None:
            return self._pass_over(bare)
        if len(self.raw) >= HEADER_LIMIT or self.size > HEADER_BLOCK_LIMIT_BYTES:
            self._note("There are too many headers to be read to their end; what comes late in them is missing.")
            return True
        self.raw.append((found[1].decode("ascii"), [bare[found.end() :]]))
        return True

    def _pass_over(self, bare: bytes) -> bool:
        """Leave a line out that is no field, unless it is where the body begins without a blank line."""
        if bare.startswith((b"From ", b">From ")):
            return True
        self.garbage += 1
        ahead = self.lines.peek(_LOOK_AHEAD_LINES)
        if self.garbage <= _GARBAGE_LIMIT_LINES and any(_is_known_field(line) for line in _to_blank(ahead)):
            self._note("A line among the headers is no header; it was left out.")
            return True
        if self.raw:
            self._note("No blank line parts the headers from the text; the text begins at the first other line.")
        self.lines.push_back((bare + b"\n",))
        self.ended = True
        return False

    def _charset(self) -> str:
        """Return the charset that the message says it is in: raw octets in its headers are mostly in that too."""
        for name, parts in self.raw:
            if name.lower() == "content-type" and (found := _CHARSET.search(b" ".join(parts)[:2_000])):
                return found[1].decode("ascii")
        return ""

    def _note(self, sentence: str) -> None:
        self.problems[sentence] = None


def _joined(parts: list[bytes], charset: str, problems: dict[str, None]) -> str:
    """Unfold (RFC 5322 2.2.3); each line is decoded for itself, since programs mix encodings."""
    value = b"".join(parts).strip()
    if b"\x1b" in value:
        text = text_in(value, "iso-2022-jp")
    elif value.isascii():
        text = value.decode("ascii")
    else:
        text = "".join(text_of(part, charset) for part in parts).strip()
        try:
            value.decode("utf-8")
        except UnicodeDecodeError:
            problems["A header holds raw octets that are not UTF-8; their encoding was guessed."] = None
    if "\0" in text:
        problems["A header holds NUL characters; they were left out."] = None
        text = text.replace("\0", "")
    return text


def _to_blank(lines: tuple[bytes, ...]) -> Iterator[bytes]:
    for line in lines:
        if not line.strip():
            return
        yield line


def _is_known_field(line: bytes) -> bool:
    found = _FIELD.match(line)
    if found is None:
        return False
    name = found[1].decode("ascii").lower()
    return name in _KNOWN or name.startswith(_KNOWN_PREFIXES)

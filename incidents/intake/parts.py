"""The body of a message: its parts, attachments and enclosed messages, read line by line and kept only in small."""

from dataclasses import dataclass, field
from html import unescape
import re
from urllib.parse import unquote_to_bytes

from incidents.intake.address_list import entries
from incidents.intake.encoded import base64_of, decoded, quoted_octets_of, text_in
from incidents.intake.headers import HeaderBlock, cut, read_headers
from incidents.intake.lines import Lines
from incidents.intake.message import Attachment, Content, Enclosed
from incidents.intake.recipients import FIELDS

LEVEL_LIMIT = 40
"""How deep parts may lie within parts; deeper ones are listed and not opened."""
PART_LIMIT = 5_000
"""How many parts are listed."""
TEXT_LIMIT_BYTES = 64 * 1024
"""How much of the text is read."""
TEXT_LIMIT_CHARS = 20_000
_PARAMETERS_LIMIT_CHARS = 4_000
_NAME_LIMIT_CHARS = 200

_PARAMETER = re.compile(
    r';[ \t]{0,200}([A-Za-z0-9_*.-]{1,60})[ \t]{0,20}=[ \t]{0,20}("(?:[^"\\]|\\.){0,2000}"|[^;\s"]*)'
)
_MEDIA_TYPE = re.compile(r"[ \t]{0,20}([A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,80})")
_END_OF_FILE = -1


@dataclass(frozen=True, slots=True)
class _End:
    """What ended a part: a boundary of the container at ``level``, or the end of the file."""

    level: int
    closing: bool = True


@dataclass(slots=True)
class _Kept:
    """The beginning of a text part."""

    block: HeaderBlock
    html: bool
    octets: bytearray = field(default_factory=bytearray)
    cut: bool = False


def read_content(lines: Lines, block: HeaderBlock) -> tuple[Content, tuple[str, ...]]:
    """Read the body behind ``block``, in memory that does not grow with it; return it and what was wrong."""
    return _Reader(lines).read(block)


class _Reader:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.boundaries: list[bytes] = []
        self.attachments: list[Attachment] = []
        self.enclosed: list[Enclosed] = []
        self.texts: list[_Kept] = []
        self.problems: dict[str, None] = {}

    def read(self, block: HeaderBlock) -> tuple[Content, tuple[str, ...]]:
        self._part(block, depth=0, level=0)
        chosen = next((kept for kept in self.texts if not kept.html), self.texts[0] if self.texts else None)
        text, was_cut = _text(chosen) if chosen else ("", False)
        return Content(text, was_cut, tuple(self.attachments), tuple(self.enclosed)), tuple(self.problems)

    def _part(self, block: HeaderBlock, *, depth: int, level: int, default: str = "text/plain") -> _End:
        media_type, parameters = media_type_of(block, default)
        if level >= LEVEL_LIMIT:
            self._note("Parts lie within parts too deep to be opened; the deepest are listed as one.")
            return self._leaf(block, media_type, parameters, depth)
        boundary = parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        if media_type.startswith("multipart/") and boundary:
            # Parts of a digest are messages where they do not say otherwise (RFC 2046 5.1.5).
            default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
            return self._container(boundary, default, depth=depth, level=level)
        if media_type in {"message/rfc822", "message/global"} and not _is_encoded(block):
            return self._message(depth=depth + 1, level=level)
        return self._leaf(block, media_type, parameters, depth)

    def _container(self, boundary: bytes, default: str, *, depth: int, level: int) -> _End:
        place = len(self.boundaries)
        self.boundaries.append(b"--" + boundary)
        preamble = _Kept(HeaderBlock((), (), ended=True), html=False)
        _, end = self._take_body("", preamble)
        if end.level != place and depth == 0:
            self.texts.append(preamble)
        while end.level == place and not end.closing:
            block = read_headers(self.lines, stops_at=lambda line: self._boundary(line) is not None)
            end = self._part(block, depth=depth, level=level + 1, default=default)
        del self.boundaries[place:]
        if end.level == place:
            return self._skip()
        self._note("A part does not end where it should: the file may have been cut off.")
        return end

    def _message(self, *, depth: int, level: int) -> _End:
        block = read_headers(self.lines, stops_at=lambda line: self._boundary(line) is not None)
        if len(self.enclosed) < PART_LIMIT:
            self.enclosed.append(
                Enclosed(
                    depth=depth,
                    subject=cut(decoded(block.first("subject")[:4_000]), 500),
                    from_raw=cut(decoded(block.first("from")[:4_000]), 500),
                    date_raw=cut(decoded(block.first("date")[:400]), 100),
                    recipients=sum(1 for header in block.all(*FIELDS) for _ in entries(header.value)),
                )
            )
        return self._part(block, depth=depth, level=level + 1)

    def _leaf(self, block: HeaderBlock, media_type: str, parameters: dict[str, str], depth: int) -> _End:
        disposition, given = _disposition(block)
        name = _file_name({**parameters, **given})
        kept = None
        if depth == 0 and not name and disposition != "attachment" and media_type in {"text/plain", "text/html"}:
            kept = _Kept(block, html=media_type == "text/html")
        size, end = self._take_body(_encoding(block), kept)
        if kept is not None and (kept.octets or not self.texts):
            self.texts.append(kept)
        elif kept is None and (size or name):
            self._list(Attachment(name, media_type, size, disposition == "inline", depth))
        return end

    def _take_body(self, encoding: str, kept: _Kept | None) -> tuple[int, _End]:
        size = 0
        while (line := self.lines.next()) is not None:
            if line.startswith(b"--") and (end := self._boundary(line)) is not None:
                return _decoded_size(size, encoding), end
            size += _size(line, encoding)
            if kept is not None:
                if len(kept.octets) < TEXT_LIMIT_BYTES:
                    kept.octets += line[:TEXT_LIMIT_BYTES]
                else:
                    kept.cut = True
        return _decoded_size(size, encoding), _End(_END_OF_FILE)

    def _skip(self) -> _End:
        while (line := self.lines.next()) is not None:
            if line.startswith(b"--") and (end := self._boundary(line)) is not None:
                return end
        return _End(_END_OF_FILE)

    def _boundary(self, line: bytes) -> _End | None:
        """Return which container's boundary the line is, None for an ordinary line; the innermost is asked first."""
        if not line.startswith(b"--"):
            return None
        bare = line.rstrip()
        for level in range(len(self.boundaries) - 1, -1, -1):
            if bare == self.boundaries[level]:
                return _End(level, closing=False)
            if bare == self.boundaries[level] + b"--":
                return _End(level)
        return None

    def _list(self, attachment: Attachment) -> None:
        if len(self.attachments) < PART_LIMIT:
            self.attachments.append(attachment)
        else:
            self._note(f"There are more than {PART_LIMIT:,} attachments; the rest is not listed.")

    def _note(self, sentence: str) -> None:
        self.problems[sentence] = None


def media_type_of(block: HeaderBlock, default: str = "text/plain") -> tuple[str, dict[str, str]]:
    """Return the media type in lower case, ``default`` where none is given, and its parameters."""
    value = block.first("content-type")[:_PARAMETERS_LIMIT_CHARS]
    found = _MEDIA_TYPE.match(value)
    return found[1].lower() if found else default, _parameters(value)


def _disposition(block: HeaderBlock) -> tuple[str, dict[str, str]]:
    value = block.first("content-disposition")[:_PARAMETERS_LIMIT_CHARS]
    return value.partition(";")[0].strip().lower(), _parameters(value)


def _parameters(value: str) -> dict[str, str]:
    """Return the parameters by name in lower case; quotation marks gone, the first of a name counts."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(value):
        text = match[2]
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        found.setdefault(match[1].lower(), text)
    return found


def _file_name(parameters: dict[str, str]) -> str:
    """Return a part's file name (RFC 2183, 2231, and encoded words where they do not belong); never a path."""
    for key in ("filename", "name"):
        if name := _extended(parameters, key) or parameters.get(key, ""):
            return cut(re.split(r"[\\/]", decoded(name))[-1].strip(), _NAME_LIMIT_CHARS)
    return ""


def _extended(parameters: dict[str, str], key: str) -> str:
    """Put a value together that was split or encoded by RFC 2231; "" where there is none."""
    first = next((name for name in (f"{key}*", f"{key}*0*", f"{key}*0") if name in parameters), None)
    if first is None:
        return ""
    pieces = [parameters[first]]
    if first != f"{key}*":
        for number in range(1, 100):
            piece = parameters.get(f"{key}*{number}*", parameters.get(f"{key}*{number}"))
            if piece is None:
                break
            pieces.append(piece)
    written = "".join(pieces)
    if not first.endswith("*") or written.count("'") < 2:  # noqa: PLR2004  # charset'language'text
        return written
    charset, _, text = written.split("'", 2)
    return text_in(unquote_to_bytes(text), charset)


def _encoding(block: HeaderBlock) -> str:
    return block.first("content-transfer-encoding").partition(";")[0].strip().lower()


def _is_encoded(block: HeaderBlock) -> bool:
    return _encoding(block) in {"base64", "quoted-printable"}


def _size(line: bytes, encoding: str) -> int:
    if encoding == "base64":
        return len(line.rstrip().rstrip(b"="))
    if encoding == "quoted-printable" and b"=" in line:
        bare = line.rstrip(b"\r\n")
        soft = 1 + len(line) - len(bare) if bare.endswith(b"=") else 0
        return len(line) - soft - 2 * (bare.count(b"=") - (1 if soft else 0))
    return len(line)


def _decoded_size(size: int, encoding: str) -> int:
    return size * 3 // 4 if encoding == "base64" else max(size, 0)


def _text(kept: _Kept) -> tuple[str, bool]:
    octets = bytes(kept.octets[:TEXT_LIMIT_BYTES])
    encoding = _encoding(kept.block)
    if encoding == "base64":
        octets = base64_of(octets)
    elif encoding == "quoted-printable":
        octets = quoted_octets_of(re.sub(rb"=[ \t]{0,9}\r?\n", b"", octets))
    text = text_in(octets, media_type_of(kept.block)[1].get("charset", ""))
    if kept.html:
        text = _without_tags(text)
    text = "".join(char for char in text.replace("\r\n", "\n") if char.isprintable() or char in "\n\t").strip()
    return text[:TEXT_LIMIT_CHARS], kept.cut or len(kept.octets) > TEXT_LIMIT_BYTES or len(text) > TEXT_LIMIT_CHARS


def _without_tags(text: str) -> str:
    """Return the words of a page; nothing in it is run or fetched, and the time grows with its length alone."""
    words: list[str] = []
    hidden = ""
    head, *pieces = text.split("<")
    words.append(head)
    for piece in pieces:
        tag, _, rest = piece.partition(">")
        name = tag.split(maxsplit=1)[0].lower() if tag.strip() else ""
        if hidden:
            hidden = "" if name == f"/{hidden}" else hidden
        elif name in {"style", "script", "head", "title"}:
            hidden = name
        if not hidden:
            words.append(f"\n{rest}" if name.strip("/") in {"p", "br", "div", "tr", "li", "h1", "h2"} else rest)
    lines = (" ".join(line.split()) for line in unescape("".join(words)).splitlines())
    return "\n".join(line for line in lines if line)

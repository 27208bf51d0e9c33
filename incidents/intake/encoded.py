"""Words in headers and texts in bodies: bytes in whatever encoding into text, never failing."""

import binascii
import codecs
from collections.abc import Iterator
import re
import unicodedata

# A declared charset → the codec that reads what is really sent under that name (as browsers do it).
_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "default": "utf-8",
    "utf8mb4": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp-850": "cp850",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
}
# Codecs of Python that are no charsets, or whose time grows with the square of the text.
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_LONGEST_CHARSET_NAME = 60
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_QUOTED_OCTET = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
# Marks that turn the reading direction or cannot be seen: they make one name look like another.
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")


def codec_for(charset: str) -> str:
    """
    Return the name of the codec for a declared ``charset``, "" where there is none.

    >>> codec_for("ISO-8859-1"), codec_for("klingon")
    ('cp1252', '')
    """
    name = charset.strip("\"' ").partition("*")[0].lower()
    if not name or len(name) > _LONGEST_CHARSET_NAME or not name.isascii() or "\0" in name:
        return ""
    try:
        found = codecs.lookup(_ALIASES.get(name, name))
    except LookupError:
        return ""
    return "" if found.name.replace("-", "_") in _NO_CHARSETS or not _is_text(found) else found.name


def _is_text(found: codecs.CodecInfo) -> bool:
    try:
        return isinstance(b"".decode(found.name), str)
    except (LookupError, UnicodeError):
        return False


def text_of(octets: bytes, charset: str = "") -> str:
    """
    Decode ``octets`` as UTF-8 where they are that, else as ``charset``, else as Windows-1252; always gives a text.

    >>> text_of(b"caf\\xc3\\xa9"), text_of(b"caf\\xe9")
    ('café', 'café')
    """
    for codec in ("utf-8", codec_for(charset), "cp1252"):
        if codec and codec != "utf-7":
            try:
                return octets.decode(codec)
            except (UnicodeError, ValueError):
                continue
    return octets.decode("latin-1")


def text_in(octets: bytes, charset: str) -> str:
    """Decode ``octets`` as their declared ``charset`` says, the unreadable octets shown as U+FFFD; else guess."""
    codec = codec_for(charset)
    if not codec or codec == "utf-8":
        return text_of(octets) if not codec or not charset else octets.decode("utf-8", "replace")
    try:
        text = octets.decode(codec, "replace")
        return text.encode("utf-8", "replace").decode("utf-8") if codec == "utf-7" else text  # it lets half pairs pass
    except (UnicodeError, ValueError):
        return text_of(octets)


def base64_of(octets: bytes) -> bytes:
    """
    Decode base64 with missing padding, line ends and strangers in it; what cannot be decoded is left out.

    >>> base64_of(b"Z3LDvG4")
    b'gr\\xc3\\xbcn'
    """
    kept = _NOT_BASE64.sub(b"", octets)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def quoted_octets_of(octets: bytes) -> bytes:
    """Decode "=E9" octets; a lone "=" stays."""
    return _QUOTED_OCTET.sub(lambda found: bytes([int(found[1], 16)]), octets)


def encoded_word_at(text: str, position: int) -> int:
    """Return the end of an encoded word (RFC 2047) that starts at ``position``, or -1."""
    found = _ENCODED_WORD.match(text, position)
    return found.end() if found else -1


def decoded(text: str) -> str:
    """
    Decode the encoded words in a header's text (RFC 2047) and make it safe to show on one line.

    Neighbours of one charset are joined before decoding: programs cut characters in two. Words stuck to others are
    decoded too, and so are those inside quotes; an unknown charset is guessed.

    >>> decoded("=?utf-8?q?Andr=C3?= =?utf-8?q?=A9?= B.")
    'André B.'
    """
    if "=?" in text:
        text = "".join(_pieces(text))
    return shown(text)


def shown(text: str) -> str:
    """Return ``text`` on one line, without control characters and marks that turn the reading direction."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    return " ".join(unicodedata.normalize("NFC", text.translate(_CONTROLS).translate(INVISIBLE)).split())


def _pieces(text: str) -> Iterator[str]:
    waiting, charset, last = bytearray(), "", 0
    for found in _ENCODED_WORD.finditer(text):
        between = text[last : found.start()]
        codec = found[1].partition("*")[0].lower()
        if waiting and (between.strip() or codec != charset):
            yield text_in(bytes(waiting), charset)
            waiting.clear()
        if between.strip() or last == 0:
            yield between
        charset, last = codec, found.end()
        waiting += _octets_of(found)
    if waiting:
        yield text_in(bytes(waiting), charset)
    yield text[last:]


def _octets_of(found: re.Match[str]) -> bytes:
    body = found[3].encode("utf-8", "replace")
    if found[2] in "bB":
        return base64_of(body)
    return quoted_octets_of(body.replace(b"_", b" "))

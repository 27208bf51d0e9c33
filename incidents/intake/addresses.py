"""One address: what stands before the @, what after it, and when two of them are the same."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from ipaddress import ip_address
import re
import unicodedata

import idna

from incidents.intake.encoded import INVISIBLE
from incidents.intake.message import Address

ADDRESS_LIMIT_CHARS = 998
"""Longer ones are not read: no mail server takes them (RFC 5321 allows 256, RFC 5322 998 a line)."""
LOCAL_LIMIT_OCTETS = 64
DOMAIN_LIMIT_OCTETS = 253
LABEL_LIMIT_OCTETS = 63

_SCHEME = re.compile(r"(?:mailto|smtp):", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ATOM_SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
_SPACE = re.compile(r"\s")
_QUOTED_PAIR = re.compile(r"\\(.)")


class BadAddress(Exception):
    """It cannot be written to; the text is one sentence that says why."""


def read_address(text: str) -> Address:
    """
    Read one address (RFC 5321, 6531: international ones too); what is odd and still works goes into ``problems``.

    >>> read_address("Anna.Berg@Bücher.Example").normalised
    'anna.berg@xn--bcher-kva.example'

    :raises BadAddress: nobody can write to it.
    """
    if len(text) > ADDRESS_LIMIT_CHARS:
        raise BadAddress(f"It is {len(text):,} characters long; no mail server takes one over {ADDRESS_LIMIT_CHARS}.")
    problems: list[str] = []
    local, domain = _parted(_cleaned(text, problems))
    local = _read_local(local, problems)
    ascii_domain, shown_domain = _read_domain(domain, problems)
    written = f'"{local}"' if _needs_quotes(local) else local
    return Address(
        local=local,
        domain=ascii_domain,
        domain_shown=shown_domain,
        shown=f"{written}@{shown_domain}",
        normalised=f"{unicodedata.normalize('NFC', unicodedata.normalize('NFC', local).casefold())}@{ascii_domain}",
        problems=tuple(problems),
    )


def is_own(domain: str, own_domains: Collection[str]) -> bool:
    """
    Return whether ``domain`` [A-label, lower case] is one of ``own_domains`` or lies below one of them.

    >>> is_own("wards.clinic.example", ["clinic.example"]), is_own("myclinic.example", ["clinic.example"])
    (True, False)
    """
    return any(domain == own or domain.endswith(f".{own}") for own in own_domains)


def own_domain(text: str) -> str:
    """Return a domain of one's own in the form that ``is_own`` compares: A-label, lower case; "" for what is none."""
    try:
        return _read_domain(text.strip().lstrip("@").removeprefix("*."), [])[0]
    except BadAddress:
        return ""


def _cleaned(text: str, problems: list[str]) -> str:
    bare = text if text.isascii() else text.translate(INVISIBLE)
    if bare != text:
        problems.append("It held characters that cannot be seen; they were left out.")
    bare = bare.strip().strip("'`\u2018\u2019").removeprefix("<").removesuffix(">").strip()
    scheme = _SCHEME.match(bare)
    if scheme:
        bare = bare[scheme.end() :]
    if _is_quoted(bare):
        bare = bare[1:-1].strip()
    if not bare:
        raise BadAddress("There is no address here.")
    return bare


def _parted(bare: str) -> tuple[str, str]:
    """Return what stands before the @ that counts and what after it."""
    if "@" not in bare:
        if bare.upper().startswith(("/O=", "/CN=", "EX:/O=")):
            raise BadAddress("It is a name from inside an Exchange directory, not an address: there is no @ in it.")
        raise BadAddress("There is no @ in it.")
    local, _, domain = bare.rpartition("@")
    local, domain = local.strip(), domain.strip()
    if not local:
        raise BadAddress("There is nothing before the @.")
    if not domain:
        raise BadAddress("There is nothing after the @.")
    if "@" in local and not _is_quoted(local):
        raise BadAddress("There is more than one @ in it.")
    return local, domain


def _is_quoted(local: str) -> bool:
    return len(local) > 1 and local[0] == '"' == local[-1]


def _read_local(local: str, problems: list[str]) -> str:
    if _is_quoted(local):
        local = _QUOTED_PAIR.sub(r"\1", local[1:-1])
        if not local.strip():
            raise BadAddress("There is nothing before the @ but quotation marks.")
    else:
        _check_atoms(local, problems)
    if _holds_controls(local):
        raise BadAddress("There is a control character in it.")
    if len(local.encode("utf-8", "replace")) > LOCAL_LIMIT_OCTETS:
        problems.append(f"What stands before the @ is longer than the {LOCAL_LIMIT_OCTETS} octets that are allowed.")
    return local


def _check_atoms(local: str, problems: list[str]) -> None:
    if _SPACE.search(local):
        raise BadAddress("There is a space before the @.")
    if found := _ATOM_SPECIALS.search(local):
        raise BadAddress(f"There is a character before the @ that may not stand there: {found[0]}")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        problems.append("The dots before the @ do not stand as they should; some servers refuse that.")


def _holds_controls(text: str) -> bool:
    return not text.isprintable() and any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)


def _needs_quotes(local: str) -> bool:
    return _ATOM_SPECIALS.search(local) is not None or _SPACE.search(local) is not None


def _read_domain(domain: str, problems: list[str]) -> tuple[str, str]:
    """Return the domain as A-labels in lower case, and in Unicode."""
    if domain.startswith("["):
        return _read_literal(domain)
    ascii_domain, shown, found = _domain_forms(domain)
    problems.extend(found)
    return ascii_domain, shown


def _read_literal(domain: str) -> tuple[str, str]:
    inner = domain[1:].removesuffix("]").strip()
    try:
        number = ip_address(inner.removeprefix("IPv6:").removeprefix("ipv6:"))
    except ValueError:
        raise BadAddress("What stands in brackets after the @ is no network address.") from None
    literal = f"[IPv6:{number}]" if number.version == 6 else f"[{number}]"  # noqa: PLR2004  # the version's name
    return literal.lower(), literal.lower()


@lru_cache(maxsize=4096)
def _domain_forms(domain: str) -> tuple[str, str, tuple[str, ...]]:
    domain = unicodedata.normalize("NFKC", domain).translate({0x3002: "."}).removesuffix(".")
    labels = domain.split(".")
    _check_labels(domain, labels)
    problems: dict[str, None] = {}
    ascii_labels = [_ascii_label(label, problems) for label in labels]
    ascii_domain = ".".join(ascii_labels)
    if len(ascii_domain) > DOMAIN_LIMIT_OCTETS:
        raise BadAddress("What stands after the @ is longer than a domain can be.")
    if len(labels) == 1:
        problems["The domain has no dot: it means something only inside one network."] = None
    elif ascii_labels[-1].isdigit():
        problems["The domain ends in a number; no such domain exists."] = None
    return ascii_domain, ".".join(_shown_label(label) for label in ascii_labels), tuple(problems)


def _check_labels(domain: str, labels: list[str]) -> None:
    if _SPACE.search(domain):
        raise BadAddress("There is a space after the @.")
    if _holds_controls(domain):
        raise BadAddress("There is a control character in it.")
    if not domain or not all(labels):
        raise BadAddress("A part of the domain is missing: a dot has nothing before or after it.")
    if max(len(label) for label in labels) > LABEL_LIMIT_OCTETS:
        raise BadAddress(f"A part of the domain is longer than {LABEL_LIMIT_OCTETS} characters.")


def _ascii_label(label: str, problems: dict[str, None]) -> str:
    lowered = label.lower()
    if lowered.isascii():
        if strange := _strange(lowered):
            raise BadAddress(f"The domain holds a character that no domain may hold: {strange}")
        if not _LABEL.fullmatch(lowered):
            problems["The domain holds an underscore, or a hyphen at an edge; some servers refuse that."] = None
        return lowered
    try:
        made = idna.encode(lowered, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        made = f"xn--{unicodedata.normalize('NFKC', lowered.casefold()).encode('punycode').decode('ascii')}".lower()
        problems["The domain holds characters that no registry should have accepted."] = None
    if strange := _strange(made):
        raise BadAddress(f"The domain holds a character that no domain may hold: {strange}")
    if len(made) > LABEL_LIMIT_OCTETS or "." in made:
        raise BadAddress(f"A part of the domain is longer than {LABEL_LIMIT_OCTETS} characters in its technical form.")
    return made


def _strange(label: str) -> str:
    return next(_strangers(label), "")


def _strangers(label: str) -> Iterator[str]:
    return (char for char in label if not (char.isalnum() or char in "-_"))


def _shown_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label

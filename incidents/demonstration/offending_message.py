"""
The message of the reference story, the same bytes each time: a newsletter with every address in plain sight.

It left from Jane Carr's mailbox while she was on holiday; its headers show the director's client and session. People,
addresses and the clinic are made up; domains are those reserved for examples (RFC 2606), networks too (RFC 5737).
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

ORGANISATION = "Meadowbank Clinic Trust"
OWN_DOMAIN = "meadowbank.example"
EMPLOYEE = ("Jane Carr", "j.carr@meadowbank.example")
DIRECTOR = ("Victor Hale", "v.hale@meadowbank.example")
SUBJECT = "Your winter newsletter from Meadowbank"
ORIGINATING_IP = "198.51.100.23"
MAILER = "iPad Mail (22B91)"
SENT_AT = datetime(2026, 11, 20, 16, 42, 10, tzinfo=UTC)
PEOPLE = 1_500
"""Distinct people whose addresses can be read; places in the lists are more."""

BROKEN = (
    "no-at-sign.example.com",
    "two@@signs.example.org",
    '"Space" <space in@address.example>',
    "missing.domain@",
    "<@missing-name.example>",
    "dots@double..dot.example",
)
_GROUPS = ("Newsletter team", "Friends of the clinic")
_GROUP_MEMBERS = 20
_LINE_LIMIT = 76

# (as written, as in an address)
_FIRST = (
    ("Alice", "alice"), ("Brian", "brian"), ("Chloé", "chloe"), ("Daniel", "daniel"), ("Emma", "emma"),
    ("François", "francois"), ("Grace", "grace"), ("Henry", "henry"), ("Inés", "ines"), ("Jack", "jack"),
    ("Käthe", "kaethe"), ("Liam", "liam"), ("Мария", "maria"), ("Noah", "noah"), ("Olivia", "olivia"),
    ("Paweł", "pawel"), ("Quentin", "quentin"), ("Rosa", "rosa"), ("さくら", "sakura"), ("Thomas", "thomas"),
    ("Una", "una"), ("Victoria", "victoria"), ("William", "william"), ("Ξένια", "xenia"), ("Yusuf", "yusuf"),
    ("Zoë", "zoe"), ("Anders", "anders"), ("Bridget", "bridget"), ("Ciarán", "ciaran"), ("Дмитрий", "dmitri"),
    ("Elif", "elif"), ("Freya", "freya"), ("George", "george"), ("美咲", "misaki"), ("Isaac", "isaac"),
    ("Jürgen", "juergen"), ("Kiran", "kiran"), ("Lucía", "lucia"), ("Mohammed", "mohammed"), ("Niamh", "niamh"),
)  # fmt: skip
_LAST = (
    ("Abbott", "abbott"), ("Becker", "becker"), ("Castañeda", "castaneda"), ("Dubois", "dubois"), ("Ellis", "ellis"),
    ("Fischer", "fischer"), ("Grünwald", "gruenwald"), ("Hughes", "hughes"), ("Иванова", "ivanova"),
    ("Jones", "jones"),
    ("Kowalski", "kowalski"), ("Lindström", "lindstroem"), ("Murphy", "murphy"), ("Núñez", "nunez"),
    ("O'Brien", "obrien"),
    ("Patel", "patel"), ("Quinn", "quinn"), ("Rossi", "rossi"), ("Smith", "smith"), ("田中", "tanaka"),
    ("Underwood", "underwood"),
    ("Vidal", "vidal"), ("Walker", "walker"), ("Xavier", "xavier"), ("Y\u0131lmaz", "yilmaz"),
    ("Zimmermann", "zimmermann"), ("Ahmed", "ahmed"), ("Bell", "bell"), ("Clarke", "clarke"), ("Dvořák", "dvorak"),
    ("Evans", "evans"), ("Fraser", "fraser"), ("García", "garcia"), ("Harris", "harris"), ("Iqbal", "iqbal"),
    ("Jensen", "jensen"), ("Khan", "khan"), ("Lewis", "lewis"), ("Møller", "moeller"), ("Nowak", "nowak"),
    ("Owen", "owen"), ("Price", "price"), ("Reid", "reid"), ("Singh", "singh"), ("Taylor", "taylor"),
    ("Uddin", "uddin"), ("Vogel", "vogel"), ("Wright", "wright"), ("Young", "young"), ("Zeman", "zeman"),
)  # fmt: skip
_DOMAINS = (
    "post.example.com", "mail.example.org", "inbox.example.net", "riverside.example", "letterbox.example",
    "students.example.org", "bücher.example", "homemail.example.com", "почта.example", "parish.example.net",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a reader of the message must come to; the names are those of its counts."""

    listed: int
    distinct: int
    duplicates: int
    internal: int
    external: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One person in the lists: the name as people read it, and the address."""

    name: str
    email: str


def numbers(people: int = PEOPLE) -> Numbers:
    """Return what must be counted in ``offending_message(people=people)``."""
    internal, duplicates = _internal(people), _duplicates(people)
    return Numbers(
        listed=people + duplicates + len(BROKEN),
        distinct=people,
        duplicates=duplicates,
        internal=internal,
        external=people - internal,
        unreadable=len(BROKEN),
    )


def people_listed(people: int = PEOPLE) -> tuple[Listed, ...]:
    """Return the distinct people of the message: first all in To, then those in Cc, in the order of the lists."""
    return tuple(_person(number, internal=number < _internal(people)) for number in range(people))


def offending_message(*, people: int = PEOPLE, sent_at: datetime = SENT_AT) -> bytes:
    """
    Return the message as the server of a recipient kept it, with CR LF.

    ``people``: distinct people in To and Cc, at least 1. ``sent_at`` [instant, zone-aware].
    """
    listed = people_listed(people)
    split = max(people * 3 // 5, 1)
    to = _places(listed[:split], 0)
    cc = [*_places(listed[split:], split), *_repeated(listed, _duplicates(people)), *BROKEN]
    lines = [*_head(sent_at), *_folded("To", to, _GROUPS[0]), *_folded("Cc", cc, _GROUPS[1]), *_body_head()]
    return "\r\n".join([*lines, "", *_body()]).encode()


def _internal(people: int) -> int:
    return max(people // 40, 1)


def _duplicates(people: int) -> int:
    return people // 60


def _person(number: int, *, internal: bool) -> Listed:
    """Return person ``number``; 37 has no factor in common with the number of pairs, so no pair comes twice."""
    pairs = len(_FIRST) * len(_LAST)
    first, last = divmod(number * 37 % pairs, len(_LAST))
    (first_name, first_part), (last_name, last_part) = _FIRST[first], _LAST[last]
    again = str(number // pairs + 1) if number >= pairs else ""
    domain = ("wards." if number % 3 == 0 else "") + OWN_DOMAIN if internal else _DOMAINS[number % len(_DOMAINS)]
    local = f"{first_part}.{last_part}{again}"
    if domain == "почта.example" and not first_name.isascii():
        local = f"{first_name.lower()}.{last_part}{again}"
    return Listed(f"{first_name} {last_name}", f"{local}@{domain}")


def _places(listed: tuple[Listed, ...], start: int) -> list[str]:
    return [_written(person, start + place) for place, person in enumerate(listed)]


def _written(person: Listed, number: int) -> str:
    """Write a person as one of the many programs does that have fed this address book."""
    first, _, last = person.name.partition(" ")
    email = _in_punycode(person.email) if number % 4 == 1 else person.email
    ways = (
        email,
        f'"{last}, {first}" <{email}>',
        f"{_encoded(person.name, number)} <{email}>",
        f"{_phrase(person.name, number)} <{email}>",
        f'"{person.name}" <{email}>',
        f"{email} ({_phrase(person.name, number)})",
        f"{_encoded(f'{last}, {first}', number)} <{email}>",
    )
    return ways[number % len(ways)]


def _phrase(name: str, number: int) -> str:
    """Return the name bare, or encoded where only the newest programs could write it bare."""
    return name if name.isascii() or number % 2 else _encoded(name, number)


def _encoded(name: str, number: int) -> str:
    """Return an encoded word (RFC 2047) in the first usual charset, from ``number`` on, that has the letters."""
    charsets = ("utf-8", "iso-8859-1", "windows-1252", "iso-8859-2", "koi8-r", "iso-2022-jp", "iso-8859-7", "utf-8")
    for charset in (*charsets[number % len(charsets) :], "utf-8"):
        try:
            octets = name.encode(charset)
        except UnicodeEncodeError:
            continue
        if number % 2 or charset == "iso-2022-jp":
            return f"=?{charset}?B?{b64encode(octets).decode()}?="
        return f"=?{charset}?Q?{''.join(_q(octet) for octet in octets)}?="
    raise AssertionError("UTF-8 has every letter")


def _q(octet: int) -> str:
    if octet == ord(" "):
        return "_"
    return chr(octet) if chr(octet).isascii() and chr(octet).isalnum() else f"={octet:02X}"


def _in_punycode(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _repeated(listed: tuple[Listed, ...], count: int) -> Iterator[str]:
    """Yield people a second time: in capitals, or under another name."""
    for number in range(count):
        person = listed[number * 7 % len(listed)]
        local, _, domain = person.email.partition("@")
        if number % 2:
            yield f"{local.upper()}@{domain}"
        else:
            yield f"Newsletter reader {number} <{local.capitalize()}@{domain.upper()}>"


def _folded(name: str, places: list[str], group: str) -> Iterator[str]:
    """Yield the header's lines; the first places form a group."""
    members, rest = places[:_GROUP_MEMBERS], places[_GROUP_MEMBERS:]
    items = [f"{group}: {members[0]}," if len(members) > 1 else f"{group}: {members[0]};,"]
    items += [f"{member}," for member in members[1:-1]] + [f"{members[-1]};,"] * (len(members) > 1)
    items += [f"{place}," for place in rest]
    items[-1] = items[-1].removesuffix(",")
    line = f"{name}:"
    for item in items:
        if len(line) + 1 + len(item) > _LINE_LIMIT:
            yield line
            line = ""
        line = f"{line} {item}"
    yield line


def _head(sent_at: datetime) -> list[str]:
    first, second, third = (format_datetime(sent_at + timedelta(seconds=late)) for late in (2, 5, 11))
    return [
        f"Return-Path: <{EMPLOYEE[1]}>",
        "Received: from outbound.mailrelay.example (outbound.mailrelay.example [203.0.113.40])",
        " by mx1.post.example.com (Postfix) with ESMTPS id 4XvT2k1rLz9c",
        f" for <alice.abbott@post.example.com>; {third}",
        f"Received: from ex02.{OWN_DOMAIN} (ex02.{OWN_DOMAIN} [192.0.2.12])",
        " by outbound.mailrelay.example (Postfix) with ESMTPS id 9F2C01A77",
        f" (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384); {second}",
        f"Received: from victor-hales-ipad.local ({ORIGINATING_IP}) by ex02.{OWN_DOMAIN}",
        f" (192.0.2.12) with Microsoft SMTP Server id 15.2.1544.11; {first}",
        "Authentication-Results: mx1.post.example.com;",
        f" spf=pass (sender IP is 203.0.113.40) smtp.mailfrom={OWN_DOMAIN};",
        f" dkim=pass (signature was verified) header.d={OWN_DOMAIN};",
        f" dmarc=pass action=none header.from={OWN_DOMAIN}",
        f"Received-SPF: pass (mx1.post.example.com: domain of {EMPLOYEE[1]} designates 203.0.113.40",
        " as permitted sender) client-ip=203.0.113.40; receiver=mx1.post.example.com",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={OWN_DOMAIN}; s=s2026;",
        " h=from:to:cc:subject:date:message-id; bh=MDEyMzQ1Njc4OWFiY2RlZg==; b=bm90IGEgcmVhbCBzaWduYXR1cmU=",
        f"From: {EMPLOYEE[0]} <{EMPLOYEE[1]}>",
        f"Sender: {DIRECTOR[0]} <{DIRECTOR[1]}>",
        f"Reply-To: {ORGANISATION} <newsletter@{OWN_DOMAIN}>",
        f"Subject: {SUBJECT}",
        f"Date: {format_datetime(sent_at)}",
        f"Message-ID: <7E1B40C2-2F0D-4A0E-9C1D-52A1@{OWN_DOMAIN}>",
        f"X-Mailer: {MAILER}",
        f"X-Originating-IP: [{ORIGINATING_IP}]",
        "X-MS-Exchange-Organization-AuthAs: Internal",
        f"X-MS-Exchange-Organization-AuthSource: ex02.{OWN_DOMAIN}",
    ]


def _body_head() -> list[str]:
    return ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="=_newsletter_2026"']


def _body() -> list[str]:
    leaflet = b64encode(b"%PDF-1.4\n% a leaflet with the dates of the winter groups\n%%EOF\n").decode()
    return [
        "--=_newsletter_2026",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "Dear all,",
        "",
        "here is our winter newsletter: new group times, the pharmacy's opening hours over",
        "the holidays, and how to book your check-up in January.",
        "",
        "Kind regards",
        f"{EMPLOYEE[0]}, {ORGANISATION}",
        "--=_newsletter_2026",
        'Content-Type: application/pdf; name="winter-groups.pdf"',
        'Content-Disposition: attachment; filename="winter-groups.pdf"',
        "Content-Transfer-Encoding: base64",
        "",
        leaflet,
        "--=_newsletter_2026--",
        "",
    ]

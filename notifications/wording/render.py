"""From an approved wording to the bytes of one message for one person (I3, I4). PURE."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from html import escape

from notifications.wording.placeholders import NO_NAME, fill
from notifications.wording.sections import SECTIONS, Wording


class BadAddressee(ValueError):
    """Name or address cannot stand in a header; nothing is sent."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """The one person to whom a message goes."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message needs beside its text; fixed before the first attempt, so that every attempt is the same."""

    sender: str
    reply_to: str
    message_id: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A wording with its values filled in: what one person reads."""

    subject: str
    paragraphs: tuple[tuple[str, tuple[str, ...]], ...]
    """Heading (empty for opening and closing) and the paragraphs below it."""


def values_for(person: Addressee, *, reference: str, organisation: str, contact: str) -> dict[str, str]:
    """
    Return what the placeholders stand for in this person's letter.

    >>> values_for(Addressee("", "a@b.example"), reference="BC-1", organisation="O", contact="c@o.example")["name"]
    'Sir or Madam'
    """
    name = " ".join(person.name.split()) or NO_NAME
    return {"name": name, "reference": reference, "organisation": organisation, "contact": contact}


def letter(wording: Wording, values: Mapping[str, str]) -> Letter:
    """
    Fill a wording in; an empty section is left out.

    >>> letter(Wording("Hello {{ name }}", "Dear {{ name }},", {}, "Yours"), {"name": "Amira"}).subject
    'Hello Amira'
    """
    parts = [("", _paragraphs(fill(wording.opening, values)))]
    for section in SECTIONS:
        text = fill(wording.sections.get(section.key, ""), values)
        if text.strip():
            parts.append((section.heading, _paragraphs(text)))
    parts.append(("", _paragraphs(fill(wording.closing, values))))
    subject = " ".join(fill(wording.subject, values).split())
    return Letter(subject, tuple(part for part in parts if part[1]))


def plain(found: Letter) -> str:
    """
    Return the letter as plain text.

    >>> plain(Letter("S", (("What happened", ("It did.",)),)))
    'What happened\\n-------------\\n\\nIt did.\\n'
    """
    blocks = []
    for heading, paragraphs in found.paragraphs:
        if heading:
            blocks.append(f"{heading}\n{'-' * len(heading)}")
        blocks += paragraphs
    return "\n\n".join(blocks) + "\n"


def html(found: Letter, language: str) -> str:
    """
    Return the letter as a page without style, picture or link; every word of it is escaped.

    >>> "<script>" in html(Letter("S", (("", ("<script>",)),)), "en")
    False
    """
    body = []
    for heading, paragraphs in found.paragraphs:
        if heading:
            body.append(f"<h2>{escape(heading)}</h2>")
        body += [f"<p>{escape(text).replace(chr(10), '<br>')}</p>" for text in paragraphs]
    inner = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head><meta charset="utf-8">'
        f"<title>{escape(found.subject)}</title></head>\n<body>\n{inner}\n</body>\n</html>\n"
    )


def message_bytes(wording: Wording, values: Mapping[str, str], person: Addressee, envelope: Envelope) -> bytes:
    """
    Return the finished message, with exactly one address in To and none in Cc or Bcc (I3); same input, same bytes.

    :raises BadAddressee: the address is not one address, or name or address would break a header.
    :raises BadPlaceholder: a placeholder cannot be filled.
    """
    found = letter(wording, values)
    ascii_address = person.email.isascii()
    message = EmailMessage(policy=SMTP if ascii_address else SMTPUTF8)
    message["From"] = envelope.sender
    message["To"] = _address(person)
    message["Reply-To"] = envelope.reply_to
    message["Subject"] = found.subject
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = wording.language
    message.set_content(plain(found), charset="utf-8", cte="quoted-printable")
    message.add_alternative(html(found, wording.language), subtype="html", charset="utf-8", cte="quoted-printable")
    message.set_boundary(f"=_{envelope.message_id.strip('<>').partition('@')[0]}")
    if len(message["To"].addresses) != 1:
        raise BadAddressee("A message goes to exactly one address.")
    return message.as_bytes()


def _address(person: Addressee) -> Address:
    if any(not sign.isprintable() for sign in person.email) or person.email.count("@") != 1 or " " in person.email:
        raise BadAddressee("This is not one address.")
    local, _, domain = person.email.partition("@")
    name = "".join(sign for sign in person.name if sign.isprintable())
    try:
        return Address(display_name=" ".join(name.split()), username=local, domain=domain)
    except (ValueError, IndexError) as error:
        raise BadAddressee("This address cannot stand in a message.") from error


def _paragraphs(text: str) -> tuple[str, ...]:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return tuple(block.strip() for block in blocks if block.strip())

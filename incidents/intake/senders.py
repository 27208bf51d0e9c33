"""What the headers say of who sent a message and how: clients, origins, authentication, signs of another hand."""

from collections.abc import Iterator
import re

from incidents.intake.encoded import shown
from incidents.intake.headers import Header, HeaderBlock, cut
from incidents.intake.message import AuthenticationResult, Hop, Mailbox, Stated
from incidents.intake.recipients import read_mailboxes
from incidents.intake.route import first_ip

RESULT_LIMIT = 200
_VALUE_LIMIT_CHARS = 4_000
_DETAIL_LIMIT_CHARS = 300

_CLIENTS = {
    "user-agent": "The program that wrote the message.",
    "x-mailer": "The program that wrote the message.",
    "x-newsreader": "The program that wrote the message.",
    "x-mimeole": "The part of the program that put the message together.",
    "x-ms-exchange-organization-clienttype": "The kind of client that handed the message to Exchange.",
    "x-php-originating-script": "A script on a web server sent the message.",
    "x-roundcube-user": "The web mail account that wrote the message.",
}
_ORIGINS = ("x-originating-ip", "x-source-ip", "x-sender-ip", "x-client-ip", "x-remote-ip", "x-ms-exchange-clientip")
_SIGNED_IN = {
    "x-authenticated-sender",
    "x-authenticated-user",
    "x-auth-user",
    "x-auth-id",
    "x-sasl-login",
    "x-originating-email",
    "x-google-original-from",
    "x-sender",
    "x-ms-exchange-organization-originalsender",
    "x-get-message-sender-via",
}
_EXCHANGE = {
    "x-ms-exchange-organization-authas": "How Exchange saw the sender: Internal means signed in, Anonymous means not.",
    "x-ms-exchange-organization-authsource": "The Exchange server that vouched for the sender.",
    "x-ms-exchange-organization-authmechanism": "The code of the way the sender proved who they are.",
    "x-ms-exchange-crosstenant-authas": "How Exchange saw the sender: Internal means signed in, Anonymous means not.",
    "x-ms-exchange-crosstenant-authsource": "The Exchange server that vouched for the sender.",
    "x-ms-exchange-crosstenant-userprincipalname": "The account that signed in, in a code of Microsoft's.",
    "x-ms-exchange-crosstenant-mailboxtype": "What kind of mailbox it came from.",
    "x-ms-exchange-sharedmailbox": "Exchange says that it came from a shared mailbox.",
    "x-ms-exchange-generated-message-source": "The part of Exchange that made the message.",
}
_LISTS = {
    "list-id": "It went through this mailing list.",
    "list-unsubscribe": "It offers a way off a list.",
    "list-post": "The list takes contributions here.",
    "precedence": "The sender called it a mass message.",
    "auto-submitted": "A program, not a person, sent it.",
    "x-campaignid": "It belongs to a mailing campaign.",
    "feedback-id": "It belongs to a mailing campaign.",
}
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,40})(?:/[0-9.]{1,8})?\s{0,20}=\s{0,20}([A-Za-z]{1,30})")
_AUTHENTICATED = re.compile(r"\((?:Authenticated sender:|account)\s{1,9}([^\s()]{1,320})", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")


def clients_of(block: HeaderBlock) -> tuple[Stated, ...]:
    """Return what the message says of the program that wrote it."""
    return tuple(_stated(block, _CLIENTS))


def list_headers_of(block: HeaderBlock) -> tuple[Stated, ...]:
    """Return what speaks of a mailing list or a mass mailing."""
    return tuple(_stated(block, _LISTS))


def origins_of(block: HeaderBlock, hops: tuple[Hop, ...]) -> tuple[Stated, ...]:
    """Return the network addresses it says it came from; the sender's own server is the one to be believed."""
    stated = [
        Stated(header.name, first_ip(header.value) or header.text, "The device it was written at, as the server says.")
        for header in block.all(*_ORIGINS)
    ]
    if hops and (hops[0].from_ip or hops[0].from_host):
        at = hops[0].from_ip or hops[0].from_host
        stated.append(Stated("Received", at, "The first server that took the message got it from here."))
    return tuple(stated)


def authentication_of(block: HeaderBlock) -> tuple[AuthenticationResult, ...]:
    """Return what servers report of SPF, DKIM, DMARC and ARC; nothing is checked here."""
    found: list[AuthenticationResult] = []
    for header in block.all("authentication-results", "arc-authentication-results"):
        found.extend(_results(header))
    found.extend(_spf(header) for header in block.all("received-spf"))
    for header in block.all("arc-seal"):
        tags = _tags(header.value)
        detail = cut(f"i={tags.get('i', '')} d={tags.get('d', '')}", _DETAIL_LIMIT_CHARS)
        found.append(AuthenticationResult("arc", tags.get("cv", "none")[:30], tags.get("d", ""), header.name, detail))
    return tuple(found[:RESULT_LIMIT])


def sending_signs_of(block: HeaderBlock, senders: tuple[Mailbox, ...]) -> tuple[Stated, ...]:
    """Return what speaks for somebody else than the owner of the account in From having sent it."""
    known = {one.address.normalised for one in senders if one.address}
    return (*_differing(block, known), *_signed_in(block, known), *_stated(block, _EXCHANGE))


def _stated(block: HeaderBlock, meanings: dict[str, str]) -> Iterator[Stated]:
    for header in block.all(*meanings):
        yield Stated(header.name, header.text, meanings[header.name.lower()])


def _differing(block: HeaderBlock, known: set[str]) -> Iterator[Stated]:
    meanings = {
        "sender": "Sender names another mailbox than From: it was sent on behalf of the one in From.",
        "resent-from": "Somebody passed the message on.",
        "reply-to": "Answers go to another mailbox than the one in From.",
        "return-path": "Failure notices go to another mailbox than the one in From.",
    }
    for header in block.all(*meanings):
        others = {one.address.normalised for one in read_mailboxes(header.value) if one.address}
        if others - known:
            yield Stated(header.name, header.text, meanings[header.name.lower()])


def _signed_in(block: HeaderBlock, known: set[str]) -> Iterator[Stated]:
    for header in block.all(*_SIGNED_IN):
        yield _account(header, header.text, known)
    for header in block.all("received"):
        if found := _AUTHENTICATED.search(shown(header.value[:_VALUE_LIMIT_CHARS])):
            yield _account(header, found[1], known)


def _account(header: Header, value: str, known: set[str]) -> Stated:
    account = {one.address.normalised for one in read_mailboxes(value) if one.address}
    if account and not account & known:
        return Stated(header.name, cut(value), "The server says that another account than the one in From signed in.")
    return Stated(header.name, cut(value), "The server says that this account signed in.")


def _results(header: Header) -> Iterator[AuthenticationResult]:
    """Read "server; spf=pass …; dkim=fail …" (RFC 8601 2.2); Microsoft leaves the server out."""
    segments = [segment.strip() for segment in shown(header.value[:_VALUE_LIMIT_CHARS]).split(";")]
    if segments and segments[0].replace(" ", "").startswith("i="):
        segments = segments[1:]
    reported_by = ""
    if segments and "=" not in _COMMENT.sub("", segments[0]):
        reported_by = cut(" ".join(segments.pop(0).split()[:1]), _DETAIL_LIMIT_CHARS)
    for segment in segments:
        if found := _RESULT.match(segment):
            detail = cut(" ".join(segment[found.end() :].split()), _DETAIL_LIMIT_CHARS)
            yield AuthenticationResult(found[1].lower(), found[2].lower(), reported_by, header.name, detail)


def _spf(header: Header) -> AuthenticationResult:
    text = header.text
    result = _WORD.match(text)
    tags = _tags(text)
    detail = cut(text[result.end() :].strip() if result else text, _DETAIL_LIMIT_CHARS)
    return AuthenticationResult(
        "spf", result[0].lower() if result else "none", tags.get("receiver", ""), header.name, detail
    )


def _tags(value: str) -> dict[str, str]:
    pairs = (piece.strip().partition("=") for piece in shown(value[:_VALUE_LIMIT_CHARS]).split(";"))
    return {
        name.split()[-1].lower(): cut(found.strip(), _DETAIL_LIMIT_CHARS) for name, _, found in pairs if name.split()
    }

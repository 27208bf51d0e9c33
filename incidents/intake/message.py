"""What intake reads from one message: values only, ready for a page, for JSON and for a case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto


class Reason(StrEnum):
    """Why a file could not be read as a message."""

    EMPTY = auto()
    NOT_A_MESSAGE = auto()
    TOO_LARGE = auto()
    CUT_OFF = auto()


class UnreadableMessage(Exception):
    """The file cannot be read as a message; the text is one sentence for whoever brought it."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class Kind(StrEnum):
    """How a message was addressed to somebody."""

    TO = auto()
    CC = auto()
    BCC = auto()


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a header gives it: the instant with the offset it was written in, the raw text, what is wrong."""

    raw: str
    at: datetime | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """
    One address that can be written to.

    ``local`` is kept as written (unquoted), ``domain`` is the A-label form in lower case, ``domain_shown`` the same in
    Unicode. ``shown`` is for people. ``normalised`` makes two addresses the same: the local part in NFC and
    case-folded (a server may tell "Ann" from "ann", none in use does), an @, and ``domain``. Dots and "+tags" stay.
    """

    local: str
    domain: str
    domain_shown: str
    shown: str
    normalised: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address in From, Sender, Reply-To or Return-Path; ``address`` is None where it cannot be read."""

    name: str
    raw: str
    address: Address | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """
    One address in To, Cc or Bcc, in the order of the message.

    ``index``: place in ``ReadMessage.recipients``, from 0. ``field``: the header's name ("To", "Resent-Cc" …).
    ``group``: the group's name if it is a member of one, else None. ``raw``: as written, at most RAW_LIMIT_CHARS.
    ``internal``: its domain is one of the own domains or below one. ``duplicate_of``: index of the first recipient
    with the same normalised address, in whichever field; None for the first itself.
    """

    index: int
    field: str
    kind: Kind
    group: str | None
    name: str
    raw: str
    address: Address
    internal: bool
    duplicate_of: int | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadableAddress:
    """Something that stands where an address belongs and cannot be written to, with the reason in one sentence."""

    field: str
    kind: Kind
    group: str | None
    name: str
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """
    How many: ``listed`` = readable + unreadable; readable = ``distinct`` + ``duplicates``;
    ``distinct`` = ``internal`` + ``external``.
    """

    listed: int
    distinct: int
    duplicates: int
    internal: int
    external: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class DomainCount:
    """How many distinct addresses of one domain (Unicode form) are among the recipients."""

    domain: str
    count: int
    internal: bool


@dataclass(frozen=True, slots=True)
class Exposure:
    """
    Who could see whose address: every recipient sees all addresses in To and Cc.

    ``visible``: distinct addresses in To and Cc. ``hidden``: distinct addresses in Bcc alone. ``viewers``: everybody
    who got the message, ``external_viewers`` of them outside. ``sentence`` says it in words.
    """

    visible: int
    hidden: int
    viewers: int
    external_viewers: int
    domains: tuple[DomainCount, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Hop:
    """
    One Received header; hops are in order of travel, ``number`` from 1.

    ``from_host``, ``by_host``, ``protocol`` ("with"), ``id``, ``for_address``, ``from_ip``: "" where not given.
    ``delay_seconds`` [s]: since the last earlier hop with a readable time; None for the first; negative where clocks
    differ.
    """

    number: int
    from_host: str
    from_ip: str
    by_host: str
    protocol: str
    id: str
    for_address: str
    time: Moment
    delay_seconds: float | None
    raw: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A header that states something of interest: its name, its value, and what that means in one sentence."""

    header: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """What a server reported: ``method`` (spf, dkim, dmarc, arc …), ``result`` (pass, fail …), by which server."""

    method: str
    result: str
    reported_by: str
    header: str
    detail: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """
    One part that is neither the text nor a container.

    ``size_bytes``: after decoding. ``inline``: shown inside the text. ``depth``: 0 in the message itself, 1 in a
    message within it, and so on.
    """

    name: str
    media_type: str
    size_bytes: int
    inline: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A message within the message; it is listed, its recipients are counted and not taken for this message's own."""

    depth: int
    subject: str
    from_raw: str
    date_raw: str
    recipients: int


@dataclass(frozen=True, slots=True)
class Content:
    """What the message carries. ``text``: the beginning of its text, plain; ``text_cut``: there is more of it."""

    text: str
    text_cut: bool
    attachments: tuple[Attachment, ...]
    enclosed: tuple[Enclosed, ...]


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """
    Everything read from one message.

    ``senders`` is From, ``sender`` is Sender. ``headers``: all of them, decoded, in order, long ones cut.
    ``clients``: programs that say they made it. ``origins``: network addresses it says it came from.
    ``sending_signs``: what speaks for somebody else than the account's owner having sent it.
    ``problems``: what is wrong with the message as a whole, a sentence each.
    """

    size_bytes: int
    subject: str
    date: Moment
    senders: tuple[Mailbox, ...]
    sender: Mailbox | None
    reply_to: tuple[Mailbox, ...]
    return_path: Mailbox | None
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    hops: tuple[Hop, ...]
    clients: tuple[Stated, ...]
    origins: tuple[Stated, ...]
    authentication: tuple[AuthenticationResult, ...]
    sending_signs: tuple[Stated, ...]
    list_headers: tuple[Stated, ...]
    headers: tuple[tuple[str, str], ...]
    content: Content
    recipients: tuple[Recipient, ...]
    unreadable: tuple[UnreadableAddress, ...]
    counts: Counts
    exposure: Exposure
    problems: tuple[str, ...]

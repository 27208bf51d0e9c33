"""
One message, as a mail program saves it (.eml), read as far as it can be read.

Memory stays small whatever the size of the body: headers are kept, the body is walked through line by line. Every step
takes time in proportion to the length of what it reads. Nothing but ``UnreadableMessage`` is ever raised over content.
"""

from collections.abc import Collection, Iterator
from io import BytesIO

from incidents.intake.encoded import decoded
from incidents.intake.headers import HeaderBlock, cut, read_headers
from incidents.intake.lines import ByteStream, Lines, TooLong
from incidents.intake.message import Content, Mailbox, ReadMessage, Reason, Recipient, UnreadableMessage
from incidents.intake.parts import read_content
from incidents.intake.recipients import count, expose, read_mailboxes, read_recipients
from incidents.intake.route import read_hops, read_moment
from incidents.intake.senders import (
    authentication_of,
    clients_of,
    list_headers_of,
    origins_of,
    sending_signs_of,
)

MESSAGE_LIMIT_BYTES = 150 * 1024 * 1024
"""The largest message read: the largest that Exchange Online lets pass. Bigger files are refused before they are read
where their size is known, else at this many bytes."""
_ID_LIMIT_CHARS = 500
_REFERENCE_LIMIT = 1_000
_LATE_BY_SECONDS = 3600

_OTHER_FILES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"PK\x03\x04", "a ZIP, Word or Excel file"),
    (b"\xd0\xcf\x11\xe0", "an Outlook (.msg) or older Office file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"{", "JSON or a program's data"),
)
_HOW_TO_MEND = "Save the message in the mail program as .eml and bring that file."


def read_message(
    source: bytes | ByteStream,
    *,
    own_domains: Collection[str] = (),
    size_bytes: int | None = None,
    limit_bytes: int = MESSAGE_LIMIT_BYTES,
) -> ReadMessage:
    """
    Read one message from bytes or from a stream at its beginning.

    ``own_domains``: the organisation's own, to tell internal recipients; what lies below them counts as own.
    ``size_bytes``: the file's size where it is known, so that too large a file is refused at once.

    >>> read_message(b"From: a@x.example\\nTo: b@y.example\\n\\nHello\\n").counts.listed
    1

    :raises UnreadableMessage: empty, too large, no message, or cut off before anything could be read.
    """
    known_size = len(source) if isinstance(source, bytes) else size_bytes
    if known_size is not None and known_size > limit_bytes:
        raise _too_large(limit_bytes)
    lines = Lines(BytesIO(source) if isinstance(source, bytes) else source, limit_bytes)
    try:
        block = _headers(lines)
        content, body_problems = read_content(lines, block)
        while lines.next() is not None:
            pass
    except TooLong:
        raise _too_large(limit_bytes) from None
    return _assembled(block, content, body_problems, own_domains, lines.size_bytes)


def _headers(lines: Lines) -> HeaderBlock:
    start = b"".join(lines.peek(3))
    if not start:
        raise UnreadableMessage(Reason.EMPTY, f"This file is empty. {_HOW_TO_MEND}")
    for mark, what in _OTHER_FILES:
        if start.startswith(mark):
            raise UnreadableMessage(Reason.NOT_A_MESSAGE, f"This is {what}, not a message. {_HOW_TO_MEND}")
    block = read_headers(lines)
    if not block.fields and not b"".join([start, *lines.peek(3)]).strip(b"\0 \t\r\n"):
        raise UnreadableMessage(Reason.EMPTY, f"There is nothing in this file but blanks. {_HOW_TO_MEND}")
    if not block.is_a_messages:
        raise _not_a_message()
    if not block.ended and not lines.last_was_whole and not block.all("from", "to", "cc", "bcc", "subject"):
        raise UnreadableMessage(
            Reason.CUT_OFF, f"This file breaks off inside its headers, before anything of use. {_HOW_TO_MEND}"
        )
    return block


def _not_a_message() -> UnreadableMessage:
    return UnreadableMessage(
        Reason.NOT_A_MESSAGE, f"This is not a message: it has no header such as From or Subject. {_HOW_TO_MEND}"
    )


def _too_large(limit_bytes: int) -> UnreadableMessage:
    limit = f"{limit_bytes // (1024 * 1024)} MB" if limit_bytes >= 1024 * 1024 else f"{limit_bytes:,} bytes"
    return UnreadableMessage(
        Reason.TOO_LARGE,
        f"This file is larger than {limit}, more than any message can be. Save it without its attachments.",
    )


def _assembled(
    block: HeaderBlock,
    content: Content,
    body_problems: tuple[str, ...],
    own_domains: Collection[str],
    size_bytes: int,
) -> ReadMessage:
    recipients, unreadable, list_problems = read_recipients(block, own_domains)
    senders = tuple(one for header in block.all("from") for one in read_mailboxes(header.value))
    hops = read_hops(block.all("received"))
    made = ReadMessage(
        size_bytes=size_bytes,
        subject=cut(decoded(block.first("subject")[:8_000])),
        date=read_moment(block.first("date")),
        senders=senders,
        sender=_one_mailbox(block, "sender"),
        reply_to=read_mailboxes(block.first("reply-to")),
        return_path=_one_mailbox(block, "return-path"),
        message_id=_id(block.first("message-id")),
        in_reply_to=_id(block.first("in-reply-to")),
        references=tuple(_id(one) for one in block.first("references").split()[:_REFERENCE_LIMIT]),
        hops=hops,
        clients=clients_of(block),
        origins=origins_of(block, hops),
        authentication=authentication_of(block),
        sending_signs=sending_signs_of(block, senders),
        list_headers=list_headers_of(block),
        headers=tuple((header.name, header.text) for header in block.fields),
        content=content,
        recipients=recipients,
        unreadable=unreadable,
        counts=count(recipients, unreadable),
        exposure=expose(recipients),
        problems=(),
    )
    return _with_problems(made, (*block.problems, *list_problems, *body_problems, *_findings(made, block)))


def _with_problems(message: ReadMessage, problems: tuple[str, ...]) -> ReadMessage:
    values = {name: getattr(message, name) for name in ReadMessage.__slots__}
    return ReadMessage(**{**values, "problems": tuple(dict.fromkeys(problems))})


def _findings(message: ReadMessage, block: HeaderBlock) -> Iterator[str]:
    """Say what is wrong with the message as a whole."""
    if not message.senders:
        yield "There is no From: the message does not say who sent it."
    yield from (f"The address in From cannot be read. {one.problems[0]}" for one in message.senders if not one.address)
    if message.date.problem:
        yield f"Date: {message.date.problem}"
    if not message.recipients and not message.unreadable:
        yield _no_recipients(message.recipients, message.content)
    yield from _findings_on_its_way(message)
    if not block.ended:
        yield "No blank line ends the headers: the file may have been cut off."


def _findings_on_its_way(message: ReadMessage) -> Iterator[str]:
    if not message.hops:
        yield "No server has put its mark on it (Received): this may be a copy from the sender's own folder."
    if any(hop.delay_seconds is not None and hop.delay_seconds < -_LATE_BY_SECONDS for hop in message.hops):
        yield "The clocks of the servers on its way disagree by more than an hour."


def _no_recipients(recipients: tuple[Recipient, ...], content: Content) -> str:
    if content.enclosed and not recipients:
        return "Nobody stands in To, Cc or Bcc, but another message lies within: if that is the one, bring that one."
    return "Nobody stands in To, Cc or Bcc: if it went out in Bcc, only the server's log knows to whom."


def _one_mailbox(block: HeaderBlock, name: str) -> Mailbox | None:
    return next(iter(read_mailboxes(block.first(name), limit=1)), None)


def _id(value: str) -> str:
    return cut(decoded(value[: 2 * _ID_LIMIT_CHARS]), _ID_LIMIT_CHARS)

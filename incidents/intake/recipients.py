"""To whom a message went, each with what the header says of them, and who could see whose address."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from incidents.intake.address_list import Entry, entries
from incidents.intake.addresses import BadAddress, is_own, own_domain, read_address
from incidents.intake.encoded import decoded
from incidents.intake.headers import Header, HeaderBlock, cut
from incidents.intake.message import (
    Address,
    Counts,
    DomainCount,
    Exposure,
    Kind,
    Mailbox,
    Recipient,
    UnreadableAddress,
)

RECIPIENT_LIMIT = 200_000
"""How many places in the lists are read."""
RAW_LIMIT_CHARS = 500
"""How much of an address is kept as it was written."""
NAME_LIMIT_CHARS = 300

FIELDS = {
    "to": Kind.TO,
    "cc": Kind.CC,
    "bcc": Kind.BCC,
    "apparently-to": Kind.TO,
    "resent-to": Kind.TO,
    "resent-cc": Kind.CC,
    "resent-bcc": Kind.BCC,
}
_ORDER = tuple(FIELDS)


def read_recipients(
    block: HeaderBlock, own_domains: Collection[str] = ()
) -> tuple[tuple[Recipient, ...], tuple[UnreadableAddress, ...], tuple[str, ...]]:
    """
    Return the recipients, what could not be read as one, and what was wrong with the lists.

    ``own_domains``: the organisation's own; their subdomains count as own.
    """
    own = {own_domain(domain) for domain in own_domains} - {""}
    read: list[Recipient] = []
    unreadable: list[UnreadableAddress] = []
    first: dict[str, int] = {}
    problems: list[str] = []
    for place, (header, entry) in enumerate(_places(block)):
        if place >= RECIPIENT_LIMIT:
            problems.append(f"The lists name more than {RECIPIENT_LIMIT:,} recipients; the rest was not read.")
            break
        kind = FIELDS[header.name.lower()]
        made = _mailbox(entry)
        group = _name(entry.group) if entry.group is not None else None
        if made.address is None:
            reason = made.problems[0]
            unreadable.append(UnreadableAddress(header.name, kind, group, made.name, made.raw, reason))
            continue
        index = len(read)
        earlier = first.setdefault(made.address.normalised, index)
        read.append(
            Recipient(
                index=index,
                field=header.name,
                kind=kind,
                group=group,
                name=made.name,
                raw=made.raw,
                address=made.address,
                internal=is_own(made.address.domain, own),
                duplicate_of=None if earlier == index else earlier,
                problems=made.problems,
            )
        )
    return tuple(read), tuple(unreadable), (*problems, *_repeated(block))


def read_mailboxes(value: str, limit: int = 100) -> tuple[Mailbox, ...]:
    """Return the mailboxes in From, Sender, Reply-To or Return-Path; at most ``limit`` of them."""
    found: list[Mailbox] = []
    for entry in _all_entries(value):
        if len(found) >= limit:
            break
        found.append(_mailbox(entry))
    return tuple(found)


def count(recipients: Iterable[Recipient], unreadable: Collection[UnreadableAddress]) -> Counts:
    """Count the places in the lists and the people behind them."""
    read = tuple(recipients)
    distinct = [one for one in read if one.duplicate_of is None]
    internal = sum(one.internal for one in distinct)
    return Counts(
        listed=len(read) + len(unreadable),
        distinct=len(distinct),
        duplicates=len(read) - len(distinct),
        internal=internal,
        external=len(distinct) - internal,
        unreadable=len(unreadable),
    )


def expose(recipients: Iterable[Recipient]) -> Exposure:
    """Say who could see whose address: everybody who got the message sees all of To and Cc."""
    read = tuple(recipients)
    distinct = [one for one in read if one.duplicate_of is None]
    open_to_all = {one.address.normalised for one in read if one.kind is not Kind.BCC}
    hidden = len(distinct) - len(open_to_all)
    by_domain = Counter((one.address.domain_shown, one.internal) for one in distinct)
    domains = sorted(by_domain.items(), key=lambda item: (-item[1], item[0]))
    return Exposure(
        visible=len(open_to_all),
        hidden=hidden,
        viewers=len(distinct),
        external_viewers=sum(not one.internal for one in distinct),
        domains=tuple(DomainCount(domain, number, internal) for (domain, internal), number in domains),
        sentence=_exposure_in_words(len(open_to_all), hidden),
    )


def _exposure_in_words(visible: int, hidden: int) -> str:
    if visible == 0:
        return "No address stands in To or Cc, so no recipient could see another's."
    if visible == 1 and hidden == 0:
        return "The message went to one address, so nobody could see another's."
    addresses = "1 address" if visible == 1 else f"{visible:,} addresses"
    seen = f"Each of the {visible + hidden:,} recipients could see the {addresses} in To and Cc"
    if hidden == 0:
        return f"{seen}, their own among them."
    return f"{seen}; the {hidden:,} in Bcc could not be seen by others."


def _places(block: HeaderBlock) -> Iterator[tuple[Header, Entry]]:
    """Yield each place of the lists: To before Cc before Bcc, whichever order the headers stand in."""
    for name in _ORDER:
        for header in block.all(name):
            for entry in _all_entries(header.value):
                yield header, entry


def _all_entries(value: str) -> Iterator[Entry]:
    """Yield the entries; where a program has encoded addresses along with names, decode first and read again."""
    for entry in entries(value):
        inner = decoded(entry.address) if "=?" in entry.address else ""
        if "@" not in inner or inner == entry.address:
            yield entry
            continue
        for one in entries(inner):
            group = one.group if one.group is not None else entry.group
            yield replace(one, group=group, problems=(*one.problems, "The address itself was encoded like a name."))


def _mailbox(entry: Entry) -> Mailbox:
    name = _name(entry.name)
    written = f"{entry.name} <{entry.address}>" if entry.name else entry.address
    raw = cut(decoded(written[: 8 * RAW_LIMIT_CHARS]), RAW_LIMIT_CHARS)
    try:
        address: Address = read_address(decoded(entry.address) if "=?" in entry.address else entry.address)
    except BadAddress as bad:
        return Mailbox(name, raw, None, (str(bad), *entry.problems))
    problems = (*entry.problems, *address.problems)
    if "@" in name and name.strip("'\"<> ").casefold() != address.shown.casefold():
        problems = (*problems, "The name holds an address of its own, other than the one behind it.")
    return Mailbox(name, raw, address, problems)


def _name(text: str) -> str:
    name = decoded(text[: 8 * NAME_LIMIT_CHARS])
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return cut(name, NAME_LIMIT_CHARS)


def _repeated(block: HeaderBlock) -> tuple[str, ...]:
    """Say which lists stand there more than once; all of them are read."""
    return tuple(
        f"There are {len(found)} headers named {found[0].name}; all were read."
        for name in ("to", "cc", "bcc", "from")
        if len(found := block.all(name)) > 1
    )

"""What was read, as plain values for JSON."""

from incidents.intake.message import Address, AuthenticationResult, Content, Hop, Mailbox, Moment, ReadMessage, Stated

Plain = dict[str, object]


def as_plain(message: ReadMessage) -> Plain:
    """Return the whole reading as dictionaries, lists, texts, numbers, true, false and null; instants in ISO 8601."""
    later: dict[int, list[int]] = {}
    for one in message.recipients:
        if one.duplicate_of is not None:
            later.setdefault(one.duplicate_of, []).append(one.index)
    return {
        "size_bytes": message.size_bytes,
        "subject": message.subject,
        "date": _moment(message.date),
        "from": [_mailbox(one) for one in message.senders],
        "sender": _mailbox(message.sender) if message.sender else None,
        "reply_to": [_mailbox(one) for one in message.reply_to],
        "return_path": _mailbox(message.return_path) if message.return_path else None,
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": list(message.references),
        "headers": [{"name": name, "value": value} for name, value in message.headers],
        "hops": [_hop(hop) for hop in message.hops],
        "clients": [_stated(one) for one in message.clients],
        "origins": [_stated(one) for one in message.origins],
        "authentication": [_result(one) for one in message.authentication],
        "sending_signs": [_stated(one) for one in message.sending_signs],
        "list_headers": [_stated(one) for one in message.list_headers],
        "recipients": [
            {
                "index": one.index,
                "field": one.field,
                "kind": one.kind.value,
                "group": one.group,
                "name": one.name,
                "raw": one.raw,
                **_address(one.address),
                "internal": one.internal,
                "duplicate_of": one.duplicate_of,
                "duplicates": later.get(one.index, []),
                "problems": list(one.problems),
            }
            for one in message.recipients
        ],
        "unreadable": [
            {
                "field": one.field,
                "kind": one.kind.value,
                "group": one.group,
                "name": one.name,
                "raw": one.raw,
                "reason": one.reason,
            }
            for one in message.unreadable
        ],
        **_sums(message),
        "content": _content(message.content),
        "problems": list(message.problems),
    }


def _sums(message: ReadMessage) -> Plain:
    counts, exposure = message.counts, message.exposure
    return {
        "counts": {
            "listed": counts.listed,
            "distinct": counts.distinct,
            "duplicates": counts.duplicates,
            "internal": counts.internal,
            "external": counts.external,
            "unreadable": counts.unreadable,
        },
        "exposure": {
            "visible": exposure.visible,
            "hidden": exposure.hidden,
            "viewers": exposure.viewers,
            "external_viewers": exposure.external_viewers,
            "domains": [
                {"domain": one.domain, "count": one.count, "internal": one.internal} for one in exposure.domains
            ],
            "sentence": exposure.sentence,
        },
    }


def _moment(moment: Moment) -> Plain:
    at = moment.at.isoformat() if moment.at else None
    return {"raw": moment.raw, "at": at, "problem": moment.problem}


def _address(address: Address) -> Plain:
    return {
        "address": address.shown,
        "normalised": address.normalised,
        "domain": address.domain,
        "domain_shown": address.domain_shown,
    }


def _mailbox(mailbox: Mailbox) -> Plain:
    found = _address(mailbox.address) if mailbox.address else dict.fromkeys(_NO_ADDRESS)
    return {"name": mailbox.name, "raw": mailbox.raw, **found, "problems": list(mailbox.problems)}


_NO_ADDRESS = ("address", "normalised", "domain", "domain_shown")


def _hop(hop: Hop) -> Plain:
    return {
        "number": hop.number,
        "from": hop.from_host,
        "from_ip": hop.from_ip,
        "by": hop.by_host,
        "with": hop.protocol,
        "id": hop.id,
        "for": hop.for_address,
        "time": _moment(hop.time),
        "delay_seconds": hop.delay_seconds,
        "raw": hop.raw,
    }


def _stated(stated: Stated) -> Plain:
    return {"header": stated.header, "value": stated.value, "meaning": stated.meaning}


def _result(result: AuthenticationResult) -> Plain:
    return {
        "method": result.method,
        "result": result.result,
        "reported_by": result.reported_by,
        "header": result.header,
        "detail": result.detail,
    }


def _content(content: Content) -> Plain:
    return {
        "text": content.text,
        "text_cut": content.text_cut,
        "attachments": [
            {
                "name": one.name,
                "media_type": one.media_type,
                "size_bytes": one.size_bytes,
                "inline": one.inline,
                "depth": one.depth,
            }
            for one in content.attachments
        ],
        "enclosed": [
            {
                "depth": one.depth,
                "subject": one.subject,
                "from": one.from_raw,
                "date": one.date_raw,
                "recipients": one.recipients,
            }
            for one in content.enclosed
        ],
    }

"""How a message leaves: one kept SMTP connection, one message at a time, and an honest answer about each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
import smtplib
from typing import Protocol

from django.core.mail.backends.smtp import EmailBackend

GOOD, TRANSIENT = 2, 4
"""First digits of SMTP replies: done, and not now (RFC 5321 section 4.2.1); 5 is never."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended; ``reply`` holds SMTP status codes only, since server texts name people (I10)."""

    class Kind(Enum):
        SENT = auto()
        TEMPORARY = auto()
        PERMANENT = auto()
        UNKNOWN = auto()

    kind: Kind
    reply: str = ""


class Transport(Protocol):
    """Sends finished bytes to one address."""

    def send(self, sender: str, recipient: str, message: bytes) -> Outcome: ...


class SmtpTransport:
    """One kept connection to the mail server; it is opened again after a failure."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend

    def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        """
        Hand ``message`` over for one recipient (I3).

        A connection that breaks before the text was handed over is a temporary failure; one that breaks while the
        server's answer is awaited leaves it unknown whether the message left (I11).
        """
        try:
            connection = self._connected()
        except (smtplib.SMTPException, OSError):
            self.close()
            return Outcome(Outcome.Kind.TEMPORARY, "no connection")
        try:
            envelope = self._envelope(connection, sender, recipient)
            if envelope is not None:
                return envelope
        except (smtplib.SMTPException, OSError):
            self.close()
            return Outcome(Outcome.Kind.TEMPORARY, "connection lost before the message was handed over")
        try:
            code, _ = connection.data(message)
        except smtplib.SMTPDataError as error:
            self.close()
            return _from_code(error.smtp_code)
        except (smtplib.SMTPException, OSError):
            self.close()
            return Outcome(Outcome.Kind.UNKNOWN, "connection lost while the answer was awaited")
        return _from_code(code)

    def close(self) -> None:
        """Drop the connection; the next message opens another."""
        connection, self._backend.connection = self._backend.connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        self._backend.open()
        connection: smtplib.SMTP | None = self._backend.connection
        if connection is None:
            raise smtplib.SMTPServerDisconnected("no connection")
        return connection

    def _envelope(self, connection: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
        """Name sender and recipient; return an outcome only where the server says no."""
        options = [] if recipient.isascii() else ["SMTPUTF8"]
        connection.ehlo_or_helo_if_needed()
        for code, _ in (connection.mail(sender, options), connection.rcpt(recipient)):
            if not _is(code, GOOD):
                connection.rset()
                return _from_code(code)
        return None


def _from_code(code: int) -> Outcome:
    """
    Return what an SMTP reply code means, RFC 5321 section 4.2.1.

    >>> _from_code(250).kind, _from_code(451).kind, _from_code(550).kind
    (<Kind.SENT: 1>, <Kind.TEMPORARY: 2>, <Kind.PERMANENT: 3>)
    """
    if _is(code, GOOD):
        return Outcome(Outcome.Kind.SENT, str(code))
    return Outcome(Outcome.Kind.TEMPORARY if _is(code, TRANSIENT) else Outcome.Kind.PERMANENT, str(code))


def _is(code: int, first_digit: int) -> bool:
    return code // 100 == first_digit


@contextmanager
def open_transport() -> Iterator[Transport]:
    """Open the transport that the settings name, for the length of a run."""
    transport = SmtpTransport(EmailBackend())
    try:
        yield transport
    finally:
        transport.close()

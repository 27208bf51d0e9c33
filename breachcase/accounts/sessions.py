"""Where a person is signed in, and ending that from elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession

from breachcase.accounts.actor import Actor

CLIENT_MAX_CHARS = 90


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session: in which program, from which network address, since when."""

    id: int
    client: str
    address: str
    started_at: datetime
    seen_at: datetime
    here: bool


def sessions_of(actor: Actor, *, current_key: str) -> list[SessionLine]:
    """Return this person's running sessions, the latest seen first."""
    rows = [row for row in UserSession.objects.filter(user_id=actor.person_id)[:100] if row.exists()]
    rows.sort(key=lambda row: row.last_seen_at, reverse=True)
    return [
        SessionLine(
            id=row.pk,
            client=row.user_agent[:CLIENT_MAX_CHARS] or "An unknown program",
            address=row.ip,
            started_at=row.created_at,
            seen_at=row.last_seen_at,
            here=row.session_key == current_key,
        )
        for row in rows
    ]


def end_session(actor: Actor, session_id: int) -> bool:
    """Sign out there; return whether there was such a session of this person's own."""
    row = UserSession.objects.filter(pk=session_id, user_id=actor.person_id).first()
    if row is None:
        return False
    row.end()
    return True


def end_other_sessions(actor: Actor, *, current_key: str) -> None:
    """Sign out everywhere but here."""
    for row in UserSession.objects.filter(user_id=actor.person_id).exclude(session_key=current_key):
        row.end()

"""Forms that can be sent twice and do their work once; text that is kept while it is typed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import json
from uuid import UUID, uuid4, uuid5

from django.core.signing import BadSignature, dumps, loads
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from breachcase.accounts.actor import Actor
from breachcase.errors import RuleBroken
from breachcase.vault.keys import key_encryption_key
from breachcase.web.models import Draft, Submission

TOKEN_FIELD = "submission"  # noqa: S105 - the name of a form field
DRAFT_PAGE_FIELD = "draft_page"
MARK_FIELD = "typed_by"
NOT_TYPED = frozenset({"csrfmiddlewaretoken", TOKEN_FIELD, DRAFT_PAGE_FIELD, MARK_FIELD, "confirmed", "change"})
Fields = dict[str, str | list[str]]
DRAFT_MAX_CHARS = 100_000


def new_token() -> str:
    """Return the token that a form carries so that sending it twice does nothing twice."""
    return str(uuid4())


def once(request: HttpRequest, actor: Actor, act: Callable[[], HttpResponse]) -> HttpResponse:
    """
    Run ``act`` for the first arrival of this form; a second one is led where the first one went.

    The token is spent only when the act redirects, which is how a view says that it succeeded, so that a form that
    came back with an error can be sent again. Two arrivals at the same time wait for each other.
    """
    token = _token(request.POST, actor)
    if token is None:
        return act()
    with _alone(token):
        spent = Submission.objects.filter(token=token, person_id=actor.person_id).first()
        if spent is not None:
            return HttpResponseRedirect(spent.answer or "/", status=303)
        response = act()
        if isinstance(response, HttpResponseRedirect):
            Submission.objects.create(token=token, person_id=actor.person_id, answer=response.url[:500])
            discard_draft(actor, request.path)
    return response


@contextmanager
def _alone(token: UUID) -> Iterator[None]:
    """Let one request at a time work on a token; the lock outlives the service's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"submission-{token}"])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"submission-{token}"])


def _token(sent: QueryDict, actor: Actor) -> UUID | None:
    """Return the token as this person's own: the same one in another's hands spends nothing of theirs."""
    try:
        return uuid5(UUID(str(sent.get(TOKEN_FIELD, ""))), str(actor.person_id))
    except ValueError:
        return None


def typed_fields(sent: QueryDict) -> Fields:
    """Return what a person typed into a form that was sent, without tokens and passwords."""
    names = [name for name in sent if name not in NOT_TYPED and not name.startswith("password")]
    lists = {name: [str(one) for one in sent.getlist(name)] for name in names}
    return {name: values[0] if len(values) == 1 else values for name, values in lists.items()}


def mark_of(person_id: UUID) -> str:
    """Return the signed mark by which a form says whose page it stood on, even after they were signed out."""
    return dumps(str(person_id), salt=MARK_FIELD)


def keep_for_whoever_typed(sent: QueryDict, form: str) -> bool:
    """Keep a form that was sent without a session as a draft of the person on whose page it stood; say whether."""
    try:
        person_id = UUID(loads(sent.get(MARK_FIELD, ""), salt=MARK_FIELD))
    except (BadSignature, ValueError):
        return False
    keep_draft(Actor(person_id), form, typed_fields(sent))
    return True


def keep_draft(actor: Actor, form: str, fields: Fields) -> None:
    """Keep what is typed on page ``form`` for this person, sealed; the newest replaces what was there."""
    text = json.dumps(fields)
    if len(text) > DRAFT_MAX_CHARS:
        raise RuleBroken("This text is too long to be kept as a draft. Save it now, or shorten it.")
    sealed = key_encryption_key().seal(text.encode(), _place(actor, form))
    Draft.objects.update_or_create(person_id=actor.person_id, form=form[:200], defaults={"sealed": sealed})


def draft_of(actor: Actor, form: str) -> Fields:
    """Return what this person had typed on page ``form``, or nothing."""
    row = Draft.objects.filter(person_id=actor.person_id, form=form[:200]).first()
    if row is None:
        return {}
    kept: Fields = json.loads(key_encryption_key().unseal(row.sealed, _place(actor, form)))
    return kept


def discard_draft(actor: Actor, form: str) -> None:
    """Forget the draft; the form was sent."""
    Draft.objects.filter(person_id=actor.person_id, form=form[:200]).delete()


def _place(actor: Actor, form: str) -> str:
    return f"draft:{actor.person_id}:{form}"

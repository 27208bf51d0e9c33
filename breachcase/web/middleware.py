"""What every request passes: who asks, in which zone their clock hangs, and how a service's no is answered."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from breachcase.accounts.actor import Actor
from breachcase.accounts.adapter import lacks_second_factor
from breachcase.accounts.delegations import lenders_of
from breachcase.accounts.models import Person
from breachcase.errors import LedElsewhere, Refused, RuleBroken, Stale
from breachcase.web.submissions import keep_for_whoever_typed

Handler = Callable[[HttpRequest], HttpResponse]

OPEN_PREFIXES = ("/accounts/", "/static/", "/join/", "/demonstration/", "/healthz")
"""Where somebody may go without having signed in; everything else stands behind the login wall."""
SET_UP_PREFIXES = ("/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/", "/static/", "/healthz")
"""Where somebody may go whose role needs a second factor that they have not set up yet."""


class ActorMiddleware:
    """Set ``request.actor``, and show the sign-in page to whoever has none."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = getattr(request, "user", AnonymousUser())
        if isinstance(person, Person):
            if not request.path.startswith(SET_UP_PREFIXES) and lacks_second_factor(person):
                return redirect("mfa_index")
            request.actor = Actor(person.pk, lenders=lenders_of(person.pk))  # type: ignore[attr-defined]  # SignedInRequest
            with timezone.override(ZoneInfo(person.time_zone)):
                return self.get_response(request)
        if request.path.startswith(OPEN_PREFIXES):
            return self.get_response(request)
        return _to_sign_in(request)


class AnswerMiddleware:
    """Turn what a service raised on purpose, and no view caught, into its page: 404, 403, 422 or 409."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, LedElsewhere):
            return redirect(error.url)
        if isinstance(error, Refused):
            status = 403 if error.admitted else 404
            return render(request, f"errors/{status}.html", {"reason": str(error)}, status=status)
        if isinstance(error, RuleBroken):
            return render(request, "errors/422.html", {"reason": str(error)}, status=422)
        if isinstance(error, Stale):
            return render(request, "errors/409.html", {"reason": str(error)}, status=409)
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """
    Send to the sign-in page and back; an htmx fragment makes the whole page go there.

    A form that was sent by somebody whose session had ended is not lost: the page says so, and their draft is kept.
    """
    kept = request.method == "POST" and keep_for_whoever_typed(request.POST, request.path)
    back = request.get_full_path() if request.method == "GET" else request.path
    target = f"{reverse('account_login')}?{_query(back, kept=kept)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _query(back: str, *, kept: bool) -> str:
    parts = urlsplit(back)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return urlencode({"next": path, "kept": "1"} if kept else {"next": path})

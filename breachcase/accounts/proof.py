"""A fresh proof of identity, asked for before an approval."""

from allauth.account.internal.flows.reauthentication import is_reauthentication_required, suspend_request
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from breachcase.web.requests import SignedInRequest


def require_fresh_proof(request: SignedInRequest) -> HttpResponse | None:
    """
    Return the way to the page on which to prove who one is, or None where that was done within five minutes.

    In the demonstration there is nothing to prove: its people have no password.
    """
    if settings.DEMONSTRATION or not is_reauthentication_required(request, app=""):
        return None
    answer: HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
    return answer

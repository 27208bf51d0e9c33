"""Pages of the platform itself: is it alive, how are its parts, what was typed, a form from elsewhere."""

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from breachcase.accounts.people import require_administrator_somewhere
from breachcase.web.requests import SignedInRequest
from breachcase.web.status import state_of_parts, verify_now
from breachcase.web.submissions import DRAFT_PAGE_FIELD, keep_draft, typed_fields


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database answers; for whoever watches over the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_POST
def draft(request: SignedInRequest) -> JsonResponse:
    """Keep what is being typed, for this person alone."""
    keep_draft(request.actor, request.POST.get(DRAFT_PAGE_FIELD, "")[:200], typed_fields(request.POST))
    return JsonResponse({"kept": True})


@require_http_methods(["GET", "POST"])
def status(request: SignedInRequest) -> HttpResponse:
    """How each part is, in sentences, for administrators; by POST, verify the ledger now."""
    require_administrator_somewhere(request.actor)
    if request.method == "POST":
        messages.info(request, verify_now())
        return HttpResponseRedirect(request.path, status=303)
    return render(request, "web/status.html", {"parts": state_of_parts()})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that a form did not come from our own page, or from one that was open for too long."""
    return render(request, "errors/csrf.html", status=403)

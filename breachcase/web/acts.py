"""One way for every page on which somebody does something: form, perhaps a last look, service, redirect."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from breachcase.errors import RuleBroken, Stale
from breachcase.web.answers import show_broken_rule
from breachcase.web.forms import Form
from breachcase.web.requests import SignedInRequest
from breachcase.web.submissions import draft_of, once

CONFIRMED = "confirmed"
CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a summary list: what, and what is known of it."""

    title: str
    value: str


@dataclass(frozen=True, slots=True)
class LastLook:
    """What a person reads before an act that cannot be taken back: their answers, and what follows."""

    rows: list[Row]
    consequences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Act:
    """A page on which one thing is done; ``do`` calls the service and returns the address to go to."""

    heading: str
    button: str
    do: Callable[[dict[str, Any]], str]
    check: Callable[[dict[str, Any]], LastLook] | None = None
    lead: str = ""
    known: list[Row] = field(default_factory=list)
    suggestion: str = ""
    refusal: str = ""
    template: str = "partials/act.html"


FormMaker = Callable[..., Form]


def perform(request: SignedInRequest, act: Act, make: FormMaker, context: dict[str, Any]) -> HttpResponse:
    """Answer GET with the form (and its draft), POST with the last look or with the act itself, done once."""
    if request.method != "POST":
        draft = draft_of(request.actor, request.path)
        return _page(request, act, make(initial=draft) if draft else make(), {**context, "draft": bool(draft)}, 200)
    form = make(data=request.POST, files=request.FILES)
    if CHANGE in request.POST:
        return _page(request, act, form, context, 200)
    if not form.is_valid():
        return _page(request, act, form, context, 422)
    if act.check is not None and CONFIRMED not in request.POST:
        look = act.check(form.cleaned_data)
        return render(request, "partials/last_look.html", {**context, "act": act, "form": form, "look": look})
    return once(request, request.actor, lambda: _do(request, act, form, context))


def _do(request: SignedInRequest, act: Act, form: Form, context: dict[str, Any]) -> HttpResponse:
    try:
        target = act.do(form.cleaned_data)
    except RuleBroken as error:
        show_broken_rule(form, error)
        return _page(request, act, form, context, 422)
    except Stale as error:
        form.add_error(None, str(error))
        return _page(request, act, form, context, 409)
    return HttpResponseRedirect(target, status=303)


def _page(request: SignedInRequest, act: Act, form: Form, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, act.template, {**context, "act": act, "form": form}, status=status)

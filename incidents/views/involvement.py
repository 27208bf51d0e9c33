from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from breachcase.web.acts import Act, LastLook, Row, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.forms.decisions import ReasonsForm
from incidents.forms.people import AccountAttributionForm, InvolvementForm, PersonAttributionForm
from incidents.models import Attribution, Involvement
from incidents.queries.involvement import who_did_it
from incidents.services.involvement import record_attribution, record_involvement, withdraw_involvement
from incidents.views.door import enter


@require_GET
def who(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "who", to=Action.READ_EVIDENCE)
    context = {
        **case.context,
        "who": who_did_it(case.incident),
        "attribution_refusal": case.refusal(Action.RECORD_ATTRIBUTION),
        "involvement_refusal": case.refusal(Action.RECORD_INVOLVEMENT),
    }
    return render(request, "incidents/involvement/list.html", context)


@require_http_methods(["GET", "POST"])
def attribution_create(request: SignedInRequest, incident_id: UUID, kind: str) -> HttpResponse:
    case = enter(request, incident_id, "who", to=Action.READ_EVIDENCE)
    of_account = kind == Attribution.Kind.ACCOUNT

    def record(said: dict[str, Any]) -> str:
        record_attribution(
            request.actor,
            incident_id,
            kind=Attribution.Kind.ACCOUNT if of_account else Attribution.Kind.PERSON,
            certainty=Attribution.Certainty(said["certainty"]),
            reasons=said["reasons"],
            account=said.get("account", ""),
            person_id=said.get("person"),
            evidence_id=said["evidence"],
        )
        return reverse("incidents:who", args=[incident_id])

    act = Act(
        "Which account acted?" if of_account else "Who was behind the account?",
        "Record",
        record,
        lead="The account and the person who used it are two facts: each needs something that shows it.",
        refusal=case.refusal(Action.RECORD_ATTRIBUTION),
    )
    form: Any = AccountAttributionForm if of_account else PersonAttributionForm

    def make(**kwargs: Any) -> Any:
        return form(people=case.colleagues, evidence=case.evidence, **kwargs)

    return perform(request, act, make, case.context)


@require_http_methods(["GET", "POST"])
def involvement_create(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "who", to=Action.READ_EVIDENCE)

    def record(said: dict[str, Any]) -> str:
        record_involvement(
            request.actor,
            incident_id,
            person_id=said["person"],
            kind=Involvement.Kind(said["kind"]),
            reasons=said["reasons"],
            evidence_id=said["evidence"],
        )
        return reverse("incidents:who", args=[incident_id])

    def last_look(said: dict[str, Any]) -> LastLook:
        kind = Involvement.Kind(said["kind"])
        name = dict(case.colleagues).get(said["person"], "")
        follows = [f"{name} no longer sees this case, and cannot decide, approve or edit anything on it."]
        return LastLook(
            [Row("Person", name), Row("Part", kind.label), Row("Why", said["reasons"])],
            follows if kind in Involvement.KEEPS_OUT else ["Nobody is kept out by this."],
        )

    act = Act(
        "Whose part in it do you record?",
        "Record involvement",
        record,
        check=last_look,
        lead="So that the outcome can be trusted, people involved do not take part in deciding it.",
        refusal=case.refusal(Action.RECORD_INVOLVEMENT),
    )

    def make(**kwargs: Any) -> InvolvementForm:
        return InvolvementForm(people=case.colleagues, evidence=case.evidence, **kwargs)

    return perform(request, act, make, case.context)


@require_http_methods(["GET", "POST"])
def involvement_withdraw(request: SignedInRequest, incident_id: UUID, person_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "who", to=Action.READ_EVIDENCE)

    def withdraw(said: dict[str, str]) -> str:
        withdraw_involvement(request.actor, incident_id, person_id=person_id, reasons=said["reasons"])
        return reverse("incidents:who", args=[incident_id])

    name = dict(case.colleagues).get(person_id, "this person")
    act = Act(
        f"Take back the involvement of {name}?",
        "Take back",
        withdraw,
        lead="They are let in again as before. The old record stays. Whoever recorded it cannot take it back.",
        refusal=case.refusal(Action.WITHDRAW_INVOLVEMENT),
    )
    return perform(request, act, ReasonsForm, case.context)

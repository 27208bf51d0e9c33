from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from breachcase.vault.keys import case_key
from breachcase.web.acts import Act, perform
from breachcase.web.requests import SignedInRequest
from incidents.access import Action
from incidents.forms.decisions import ReasonsForm
from incidents.forms.people import MemberForm
from incidents.models import Reading
from incidents.queries.members import members_of
from incidents.queries.people import find_by_email, open_one, opened_page, page_of_people, unreadable_lines
from incidents.services.members import admit_member, remove_member
from incidents.services.people import csv_lines, export_people
from incidents.services.reading import record_reading
from incidents.views.door import enter


@require_GET
def people_list(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "people", to=Action.READ_PEOPLE)
    after = request.GET.get("after", "")
    rows, older = page_of_people(case.incident, after=int(after) if after.isdecimal() else 0)
    if rows:
        record_reading(
            request.actor,
            incident_id,
            Action.READ_PEOPLE,
            what=Reading.What.PEOPLE,
            subject_id=incident_id,
            rows=len(rows),
        )
    context = {
        **case.context,
        "lines": opened_page(incident_id, rows),
        "older": older,
        "count": case.incident.data_subjects.count(),
        "unreadable": unreadable_lines(case.incident) if not after else [],
        "export_refusal": case.refusal(Action.EXPORT_PEOPLE),
    }
    return render(request, "incidents/people/list.html", context)


@require_POST
def people_find(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    """Find one data subject by address; by POST, so that no address stands in a URL (I10)."""
    case = enter(request, incident_id, "people", to=Action.READ_PEOPLE)
    found = find_by_email(case.incident, request.POST.get("email", ""))
    if found is None:
        return render(request, "incidents/people/not_found.html", case.context, status=404)
    return HttpResponseRedirect(reverse("incidents:person", args=[incident_id, found.pk]), status=303)


@require_GET
def person_detail(request: SignedInRequest, incident_id: UUID, person_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "people", to=Action.READ_PEOPLE)
    row = get_object_or_404(case.incident.data_subjects.select_related("evidence"), pk=person_id)
    record_reading(request.actor, incident_id, Action.READ_PEOPLE, what=Reading.What.DATA_SUBJECT, subject_id=row.pk)
    context = {**case.context, "line": open_one(case_key(incident_id), row), "evidence": row.evidence}
    return render(request, "incidents/people/detail.html", context)


@require_POST
def people_export(request: SignedInRequest, incident_id: UUID) -> HttpResponse | StreamingHttpResponse:
    case = enter(request, incident_id, "people", to=Action.READ_PEOPLE)
    rows = export_people(request.actor, incident_id)
    response = StreamingHttpResponse(csv_lines(incident_id, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{case.incident.reference}-people.csv"'
    return response


@require_http_methods(["GET", "POST"])
def member_list(request: SignedInRequest, incident_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "members")

    def admit(said: dict[str, UUID]) -> str:
        admit_member(request.actor, incident_id, person_id=said["person"])
        return request.path

    act = Act(
        "Who is on this case",
        "Let in",
        admit,
        refusal=case.refusal(Action.ADMIT_MEMBER),
        template="incidents/members/list.html",
    )
    context = {
        **case.context,
        "members": members_of(case.incident),
        "remove_refusal": case.refusal(Action.REMOVE_MEMBER),
    }
    return perform(request, act, lambda **kwargs: MemberForm(people=case.colleagues, **kwargs), context)


@require_http_methods(["GET", "POST"])
def member_remove(request: SignedInRequest, incident_id: UUID, person_id: UUID) -> HttpResponse:
    case = enter(request, incident_id, "members")

    def remove(said: dict[str, str]) -> str:
        remove_member(request.actor, incident_id, person_id=person_id, reasons=said["reasons"])
        return reverse("incidents:members", args=[incident_id])

    name = dict(case.colleagues).get(person_id, "this person")
    act = Act(
        f"Show {name} out of the case?",
        "Show out",
        remove,
        lead="What they did stays on record. They no longer see the case.",
        refusal=case.refusal(Action.REMOVE_MEMBER),
    )
    return perform(request, act, ReasonsForm, case.context)

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from breachcase.web.forms import Form, reasons
from incidents.models import Attribution, Involvement, Measure

Choices = Iterable[tuple[UUID | str, str]]


class _ChoosingForm(Form):
    """A form that chooses among colleagues, and perhaps among the case's evidence."""

    def __init__(self, *args: Any, people: Choices = (), evidence: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, first, choices in (("person", "Choose a person", people), ("owner", "Choose a person", people),
                                     ("evidence", "None", evidence)):  # fmt: skip
            field = self.fields.get(name)
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [("", first), *((str(pk), title) for pk, title in choices)]


def _person(label: str, *, required: bool = True) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[], coerce=UUID, empty_value=None, required=required,
        error_messages={"required": "Choose a person."},
    )  # fmt: skip


def _evidence() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Evidence that shows it", choices=[], coerce=UUID, empty_value=None, required=False
    )


class MemberForm(_ChoosingForm):
    person = _person("Whom do you let in?")


class AccountAttributionForm(_ChoosingForm):
    account = forms.CharField(label="Which account acted?", max_length=254, help_text="Its address or login name.")
    certainty = forms.ChoiceField(label="How certain is that?", choices=Attribution.Certainty.choices)
    evidence = _evidence()
    reasons = reasons("What shows it?")


class PersonAttributionForm(_ChoosingForm):
    person = _person("Who was behind the account?")
    certainty = forms.ChoiceField(label="How certain is that?", choices=Attribution.Certainty.choices)
    evidence = _evidence()
    reasons = reasons("What shows it?")


class InvolvementForm(_ChoosingForm):
    person = _person("Whose part do you record?")
    kind = forms.ChoiceField(
        label="What part?",
        choices=[choice for choice in Involvement.Kind.choices if choice[0] != Involvement.Kind.WITHDRAWN],
        widget=forms.RadioSelect,
        help_text="Who caused it, or is blamed for it, is kept out of the case from this moment.",
        error_messages={"required": "Choose what part they had."},
    )
    evidence = _evidence()
    reasons = reasons("Why?")


class EvidenceForm(Form):
    file = forms.FileField(
        label="File",
        error_messages={"required": "Choose a file.", "empty": "This file is empty: there is nothing in it to keep."},
    )
    description = forms.CharField(
        label="What is it?", max_length=300, help_text="So that others find it. Name no data subject.",
        error_messages={"required": "Say what this file is, so that others find it."},
    )  # fmt: skip


class MeasureForm(_ChoosingForm):
    kind = forms.ChoiceField(label="Kind", choices=Measure.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="What is to be done?", max_length=200)
    why = forms.CharField(label="Why", widget=forms.Textarea, required=False, max_length=5_000)
    owner = _person("Who does it?")
    due_on = forms.DateField(
        label="By when?", widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"required": "Say by which day.", "invalid": "Write the day like 2026-11-30."},
    )  # fmt: skip


class CompleteMeasureForm(_ChoosingForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    proof = forms.CharField(
        label="What shows that it is done?", widget=forms.Textarea, max_length=5_000,
        error_messages={"required": "Say what shows it: what was done, when, and where that can be seen."},
    )  # fmt: skip
    evidence = _evidence()


class DropMeasureForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reasons = reasons("Why is it not carried out?")

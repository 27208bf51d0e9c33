from typing import Any
from uuid import UUID

from django import forms

from breachcase.web.forms import Form, LocalMomentField, reasons
from incidents.forms.incidents import MomentForm
from notifications.models import RegulatorReport


class PrepareReportForm(Form):
    obligation = forms.TypedChoiceField(label="To which authority?", choices=[], coerce=UUID, widget=forms.RadioSelect)
    phase = forms.ChoiceField(
        label="Which report is it?", choices=RegulatorReport.Phase.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, duties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["obligation"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = duties


class SignOffForm(Form):
    sha256 = forms.CharField(widget=forms.HiddenInput)
    right = forms.BooleanField(
        label="I have read the report, and what it says is right as far as it is known",
        error_messages={"required": "Read the report, then tick the box."},
    )


class FilingForm(MomentForm):
    at = LocalMomentField(label="When was it filed?", error_messages={"required": "Say when it was filed."})
    zone = forms.ChoiceField(label="Time zone", choices=[])
    how = forms.CharField(label="How?", max_length=200, help_text="Web form, e-mail, post …")
    authority_reference = forms.CharField(label="The authority's reference", max_length=100, required=False)
    receipt = forms.TypedChoiceField(
        label="Its receipt", choices=[], coerce=UUID, empty_value=None, required=False,
        help_text="Keep the receipt as evidence first, then choose it here.",
    )  # fmt: skip
    delay_reasons = reasons(
        "If it is late: the reasons for the delay", hint="Article 33(1) asks for them.", required=False
    )
    field_order = ("at", "zone", "how", "authority_reference", "receipt", "delay_reasons")

    def __init__(self, *args: Any, evidence: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["receipt"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", "None"), *((str(pk), title) for pk, title in evidence)]

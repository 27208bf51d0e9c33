from django import forms

from breachcase.web.forms import Form, LocalMomentField, reasons as in_words, yes_or_no
from incidents.forms.incidents import MomentForm


class AdviceForm(Form):
    affirmative = yes_or_no("What do you advise?", yes="Yes, do it", no="No, do not")
    reasons = in_words("Why?")


class DecisionForm(Form):
    affirmative = yes_or_no("What is decided?", yes="Yes, it is done", no="No, it is not done")
    reasons = in_words("Why?")
    departure_reasons = in_words(
        "If this departs from the advice: why not as advised?",
        hint="Needed only where the decision differs from the data protection officer's advice.",
        required=False,
    )


class CloseForm(Form):
    reasons = in_words("Why can the case be closed?")
    departure_reasons = in_words(
        "If the data protection officer advised against: why close all the same?", required=False
    )


class ReasonsForm(Form):
    reasons = in_words("Why?")


class FulfilForm(MomentForm):
    at = LocalMomentField(label="When was it done?", error_messages={"required": "Say when it was done."})
    zone = forms.ChoiceField(label="Time zone", choices=[])
    how = forms.CharField(
        label="How?", widget=forms.Textarea, max_length=5_000, error_messages={"required": "Say how it was done."}
    )
    delay_reasons = in_words(
        "If it is late: the reasons for the delay",
        hint="Article 33(1) asks for them. They go into the report.",
        required=False,
    )
    field_order = ("at", "zone", "how", "delay_reasons")

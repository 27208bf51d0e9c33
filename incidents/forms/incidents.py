from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from breachcase.web.forms import Form, LocalMomentField, instant, reasons, zone_choices

CATEGORIES = [
    "name",
    "contact",
    "e_mail",
    "postal_address",
    "phone",
    "date_of_birth",
    "gender",
    "family",
    "education",
    "employment",
    "purchase",
    "usage",
    "location",
    "communication_metadata",
    "communication_content",
    "photo",
    "vehicle",
    "insurance",
    "government_id",
    "id_document_copy",
    "tax_number",
    "social_security",
    "financial_account",
    "payment_card",
    "payment_card_full",
    "income",
    "benefits",
    "credentials_plain",
    "credentials_hashed",
    "pseudonym",
    "health",
    "genetic",
    "biometric",
    "religion",
    "politics",
    "ethnicity",
    "sex_life",
    "trade_union",
    "criminal",
    "other",
]
SPECIAL = frozenset(
    ["health", "genetic", "biometric", "religion", "politics", "ethnicity", "sex_life", "trade_union", "criminal"]
)
CAUSES = [
    "open_distribution_list",
    "misdirected_email",
    "misdirected_post",
    "verbal_disclosure",
    "accidental_publication",
    "misconfiguration",
    "ransomware",
    "malware",
    "hacking",
    "phishing",
    "credential_stuffing",
    "mailbox_takeover",
    "impersonation",
    "insider_theft",
    "lost_device",
    "stolen_device",
    "lost_paper",
    "stolen_paper",
    "improper_disposal",
    "system_failure",
    "power_outage",
    "human_error",
    "other",
    "unknown",
]
KINDS = [
    "customers",
    "employees",
    "applicants",
    "users",
    "subscribers",
    "patients",
    "students",
    "minors",
    "members",
    "beneficiaries",
    "vulnerable",
    "other",
]
TYPES = ("confidentiality", "integrity", "availability")


def words(code: str) -> str:
    """
    Say a code of the vocabulary in words.

    >>> words("open_distribution_list"), words("e_mail")
    ('Open distribution list', 'E-mail')
    """
    return code.replace("e_mail", "e-mail").replace("_", " ").capitalize()


def _choices(codes: Any) -> list[tuple[str, str]]:
    return [(code, words(code) + (" (special category)" if code in SPECIAL else "")) for code in codes]


class MomentForm(Form):
    """A form with one moment on a local clock and the zone of that clock; ``moment`` is the instant of both."""

    zone = forms.ChoiceField(label="Time zone", choices=[])

    def __init__(self, *args: Any, zones: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        if isinstance(field, forms.ChoiceField):
            field.choices = zone_choices(*zones)

    def clean(self) -> dict[str, Any]:
        """Make an instant of day, time and zone."""
        cleaned = super().clean() or {}
        cleaned["moment"] = None
        if cleaned.get("at") and cleaned.get("zone"):
            try:
                cleaned["moment"] = instant(cleaned["at"], cleaned["zone"])
            except ValidationError as error:
                self.add_error("at", error)
        return cleaned


class IncidentForm(MomentForm):
    """Logging a breach: a file, or one sentence; everything else can come later."""

    file = forms.FileField(
        label="The message or file that shows it",
        required=False,
        help_text="A message (.eml) is read: who sent it, whom it exposed. You check that before anything is created.",
    )
    title = forms.CharField(
        label="In one sentence, what happened?", required=False, max_length=200, help_text="Name no data subject."
    )
    narrative = forms.CharField(
        label="More, if you know more", required=False, widget=forms.Textarea, max_length=20_000
    )
    at = LocalMomentField(
        label="When did somebody here first notice?",
        required=False,
        help_text="Empty if you do not know. This is not yet awareness, which is decided later.",
    )
    zone = forms.ChoiceField(label="Time zone", choices=[])
    field_order = ("file", "title", "narrative", "at", "zone")

    def clean(self) -> dict[str, Any]:
        """Insist on one of the two: a file, or a sentence."""
        cleaned = super().clean()
        if not cleaned.get("file") and not (cleaned.get("title") or "").strip() and "title" not in self.errors:
            if "file" in self.errors:
                return cleaned
            self.add_error("title", "Say in one sentence what happened, or choose the file that shows it.")
        return cleaned


class ConfirmMessageForm(MomentForm):
    """The check of what was read from a message, before a case is opened with it."""

    title = forms.CharField(
        label="In one sentence, what happened?",
        max_length=200,
        help_text="Name no data subject.",
        error_messages={"required": "Say in one sentence what happened."},
    )
    narrative = forms.CharField(
        label="More, if you know more", required=False, widget=forms.Textarea, max_length=20_000
    )
    at = LocalMomentField(label="When did somebody here first notice?", required=False)
    right = forms.BooleanField(
        label="What was read above is right, as far as I can tell",
        error_messages={"required": "Look at it and tick the box."},
    )
    field_order = ("title", "narrative", "at", "zone", "right")


class FactsForm(MomentForm):
    """What is known about the breach; what is left open is unknown, which is not no."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="In one sentence, what happened?", max_length=200)
    narrative = forms.CharField(
        label="What happened",
        required=False,
        widget=forms.Textarea,
        max_length=20_000,
        help_text="Name no data subject.",
    )
    at = LocalMomentField(label="First noticed", required=False)
    types = forms.MultipleChoiceField(
        label="What was lost", choices=_choices(TYPES), required=False, widget=forms.CheckboxSelectMultiple
    )
    cause = forms.ChoiceField(label="Cause", choices=[("", "Not known yet"), *_choices(CAUSES)], required=False)
    categories = forms.MultipleChoiceField(
        label="Which data", choices=_choices(CATEGORIES), required=False, widget=forms.CheckboxSelectMultiple
    )
    implied = forms.MultipleChoiceField(
        label="What being on the list gives away",
        choices=_choices(CATEGORIES),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For instance health, where the list is a clinic's.",
    )
    kinds = forms.MultipleChoiceField(
        label="Who the people are", choices=_choices(KINDS), required=False, widget=forms.CheckboxSelectMultiple
    )
    count = forms.IntegerField(label="How many people", min_value=0, required=False)
    approximate = forms.BooleanField(label="The number is approximate", required=False)
    consequences = forms.CharField(
        label="Likely consequences for the people", required=False, widget=forms.Textarea, max_length=5_000
    )
    field_order = ("version", "title", "narrative", "at", "zone")

    def facts(self, before: dict[str, Any]) -> dict[str, Any]:
        """Return the facts with what this form says; what it does not ask for stays."""
        said = self.cleaned_data
        facts = {key: dict(value) if isinstance(value, dict) else value for key, value in before.items()}
        _put(facts, "breach", "types", said["types"])
        _put(facts, "breach", "cause", said["cause"])
        _put(facts, "data", "categories", said["categories"])
        _put(facts, "data", "implied", said["implied"])
        _put(facts, "people", "kinds", said["kinds"])
        _put(facts, "people", "count", said["count"])
        _put(facts, "people", "approximate", said["approximate"] or None)
        _put(facts, "effects", "consequences", said["consequences"].strip())
        return facts


def _put(facts: dict[str, Any], group: str, name: str, value: object) -> None:
    """Set one fact, or leave it out where it is unknown."""
    inner = facts.setdefault(group, {})
    if value in (None, "", []):
        inner.pop(name, None)
    else:
        inner[name] = value
    if not inner:
        facts.pop(group)


class AwarenessForm(MomentForm):
    """The moment of awareness, with reasons."""

    at = LocalMomentField(
        label="When did the organisation become aware?",
        error_messages={"required": "Say when: day, time and zone."},
        help_text="When somebody here had a reasonable degree of certainty that personal data were compromised. "
        "The clock is not filled in for you: it is a decision.",
    )
    zone = forms.ChoiceField(label="Time zone", choices=[])
    reasons = reasons("Why this moment?")
    field_order = ("at", "zone", "reasons")


class StatementForm(Form):
    text = forms.CharField(
        label="Your statement",
        widget=forms.Textarea,
        max_length=20_000,
        help_text="In your own words. It goes on file under your name and is never edited.",
        error_messages={"required": "Write the statement before you put it on file."},
    )

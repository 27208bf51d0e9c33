"""How every form looks, and the kinds of field that cases need."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

WIDGET_CLASSES: Mapping[type[forms.Widget], str] = {
    forms.CheckboxInput: "choice",
    forms.RadioSelect: "choices",
    forms.CheckboxSelectMultiple: "choices",
    forms.Select: "form-select",
}


class Renderer(TemplatesSetting):
    """Draws each field as label, hint, error and input, tied together for screen readers."""

    field_template_name = "partials/field.html"
    form_template_name = "partials/form_fields.html"


class Form(forms.Form):
    """A form of ours: shape only. Whether the person may, and whether the facts allow it, a service says."""

    required_css_class = "required"
    error_css_class = "is-invalid"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            css = WIDGET_CLASSES.get(type(field.widget), "form-control")
            field.widget.attrs.setdefault("class", css)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("rows", "5")
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = f"This is needed: {str(field.label or '').rstrip('?')}."


class LocalMoment(forms.DateTimeInput):
    """The browser's own picker of day and time; the zone is a field of its own."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"class": "form-control", "step": "60"})


class LocalMomentField(forms.Field):
    """A day and time on a local clock, without a zone; ``instant`` makes an instant of it."""

    widget = LocalMoment

    def to_python(self, value: object) -> datetime | None:
        """Read what the picker, or a person, writes: 2026-11-23T09:00 or 2026-11-23 09:00."""
        if value in self.empty_values:
            return None
        try:
            return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
        except ValueError:
            raise ValidationError("Write day and time like 2026-11-23 09:00.") from None


def instant(local: datetime, zone: str) -> datetime:
    """
    Return the instant [UTC] that a local clock in ``zone`` shows as ``local``.

    :raises ValidationError: the clock never shows it (it was put forward), or shows it twice (it was put back).
    """
    tz = ZoneInfo(zone)
    early, late = (local.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(tz).replace(tzinfo=None) != local:
        raise ValidationError("The clocks were put forward over this time: it never was. Write the time after it.")
    if late - early >= timedelta(minutes=1):
        raise ValidationError("The clocks were put back: this time was there twice. Choose UTC as zone and say it so.")
    return early


def zone_choices(*first: str) -> list[tuple[str, str]]:
    """Return time zones to choose from: those named first, then the common ones."""
    common = [
        "UTC", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Europe/Athens",
        "America/New_York", "America/Chicago", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney",
    ]  # fmt: skip
    return [(name, name.replace("_", " ")) for name in dict.fromkeys([*first, *common])]


def yes_or_no(label: str, *, yes: str, no: str) -> forms.TypedChoiceField:
    """Return a question that is answered with one of two buttons, none chosen beforehand."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )


def reasons(label: str, *, hint: str = "", required: bool = True) -> forms.CharField:
    """Return a field for reasons in one's own words; how much is enough, the service says."""
    return forms.CharField(
        label=label,
        help_text=hint or "In your own words. It stays on file and cannot be edited later. Name no data subject.",
        widget=forms.Textarea,
        required=required,
        error_messages={"required": "Say why, in at least a sentence."},
        max_length=10_000,
    )

from typing import Any

from django import forms

from breachcase.web.forms import Form, reasons
from notifications.wording.sections import SECTIONS, Wording


class WordingForm(Form):
    """A letter in its sections; what is missing or unwise the checks say, not this form."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label="What do we call it among ourselves?", max_length=200, required=False,
        help_text="For instance: apology to everybody on the list. It is not sent.",
    )  # fmt: skip
    subject = forms.CharField(label="Subject line", max_length=150)
    opening = forms.CharField(label="Opening", max_length=1_000, widget=forms.Textarea(attrs={"rows": "2"}))

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in SECTIONS:
            self.fields[section.key] = forms.CharField(
                label=section.heading,
                help_text=section.guidance,
                required=False,
                max_length=10_000,
                widget=forms.Textarea(attrs={"rows": "5", "class": "form-control"}),
            )
        self.fields["closing"] = forms.CharField(
            label="Closing", max_length=1_000, widget=forms.Textarea(attrs={"rows": "3", "class": "form-control"})
        )
        if not first:
            del self.fields["title"]

    @staticmethod
    def text_of(said: dict[str, Any]) -> Wording:
        """Return the wording that was typed; line ends as they are kept everywhere."""
        clean = {key: str(value).replace("\r\n", "\n").strip() for key, value in said.items()}
        sections = {section.key: clean.get(section.key, "") for section in SECTIONS}
        return Wording(clean["subject"], clean["opening"], sections, clean["closing"])


class AnswersForm(Form):
    """Why a warning is right all the same, for each warning."""

    def __init__(self, *args: Any, findings: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, sentence, answer in findings:
            self.fields[code] = forms.CharField(
                label=sentence, required=False, initial=answer, max_length=500, help_text="This is right, because …",
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )  # fmt: skip


class NothingForm(Form):
    """For acts that ask for no words; the last look says what follows."""


class ApproveForm(Form):
    sha256 = forms.CharField(widget=forms.HiddenInput)
    read = forms.BooleanField(
        label="I have read this letter to its end",
        error_messages={"required": "Read the letter to its end, then tick the box."},
    )


class SendBackForm(Form):
    sha256 = forms.CharField(widget=forms.HiddenInput)
    comments = reasons("What should change?", hint="The writers see it beside the text.")

from typing import Any
from uuid import UUID

from django import forms

from breachcase.accounts.roles import Role
from breachcase.web.forms import Form, LocalMomentField, zone_choices


class InviteForm(Form):
    name = forms.CharField(
        label="Name", max_length=200, help_text="It is shown wherever they act.",
        error_messages={"required": "Say who it is: their name is shown wherever they act."},
    )  # fmt: skip
    email = forms.EmailField(label="E-mail address", error_messages={"required": "Say where the invitation goes."})
    roles = forms.MultipleChoiceField(
        label="Roles", choices=Role.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )  # fmt: skip


class JoinForm(Form):
    password = forms.CharField(
        label="Choose a password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Nobody else sees it or can set it.",
        error_messages={"required": "Choose a password."},
    )  # fmt: skip
    time_zone = forms.ChoiceField(label="Your time zone", choices=zone_choices)


class ProfileForm(Form):
    name = forms.CharField(
        label="Name", max_length=200, error_messages={"required": "Your name is shown wherever you act."}
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=zone_choices, help_text="Times on pages are shown in it.")


class DelegationForm(Form):
    role = forms.ChoiceField(label="Which role do you lend?", choices=[])
    borrower = forms.TypedChoiceField(label="To whom?", choices=[], coerce=UUID)
    starts = LocalMomentField(label="From", error_messages={"required": "Say from when."})
    ends = LocalMomentField(label="Until", error_messages={"required": "Say until when."})
    reasons = forms.CharField(
        label="Why?", max_length=500, help_text="For instance: on holiday.",
        error_messages={"required": "Say why, for instance: on holiday."},
    )  # fmt: skip

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], people: list[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("role", roles), ("borrower", [(str(pk), title) for pk, title in people])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class NothingForm(Form):
    """For acts that ask for no words."""

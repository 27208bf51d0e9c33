"""The organisation and the people of the reference story; invented, all of them."""

from dataclasses import dataclass

from breachcase.accounts.actor import Actor
from breachcase.accounts.models import Organisation, Person
from breachcase.accounts.roles import Role
from breachcase.accounts.services import found_organisation, found_person
from incidents.demonstration import offending_message as message

ZONE = "Europe/London"


@dataclass(frozen=True, slots=True)
class Part:
    """One person of the story: name, address, roles, and who they are in a sentence."""

    key: str
    name: str
    email: str
    roles: tuple[Role, ...]
    who: str


PARTS: tuple[Part, ...] = (
    Part(
        "dpo",
        "Dana Okafor",
        "d.okafor@meadowbank.example",
        (Role.DPO,),
        "Data protection officer: starts the clock, advises.",
    ),
    Part(
        "handler",
        "Robin Mills",
        "r.mills@meadowbank.example",
        (Role.HANDLER,),
        "Handles the case, writes the letters.",
    ),
    Part(
        "approver",
        "Alex Stone",
        "a.stone@meadowbank.example",
        (Role.APPROVER,),
        "Management: decides, approves the wording.",
    ),
    Part("director", *message.DIRECTOR, (Role.APPROVER,), "The director who sent the message; kept out of this case."),
    Part("counsel", "Noor Aziz", "n.aziz@meadowbank.example", (Role.COUNSEL,), "Counsel: helps with the wording."),
    Part("auditor", "Ines Ferro", "i.ferro@meadowbank.example", (Role.AUDITOR,), "Auditor: reads, changes nothing."),
    Part(
        "administrator",
        "Sam Field",
        "s.field@meadowbank.example",
        (Role.ADMINISTRATOR,),
        "Keeps accounts, reads no case.",
    ),
    Part("reporter", *message.EMPLOYEE, (Role.REPORTER,), "The employee in whose name it went out, while away."),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The story's people, by their part."""

    organisation: Organisation
    people: dict[str, Person]

    def actor(self, part: str) -> Actor:
        """Return the actor who stands for this part."""
        return Actor(self.people[part].pk)


def cast() -> Cast:
    """Return the story's organisation and people, founding them the first time."""
    organisation = Organisation.objects.filter(name=message.ORGANISATION).first() or found_organisation(
        name=message.ORGANISATION,
        address="1 Mill Lane, Hexham NE46, United Kingdom",
        time_zone=ZONE,
        established_in=["GB"],
        own_domains=[message.OWN_DOMAIN],
        contact_email=f"privacy@{message.OWN_DOMAIN}",
    )
    return Cast(organisation, {part.key: _person(organisation, part) for part in PARTS})


def _person(organisation: Organisation, part: Part) -> Person:
    found = Person.objects.filter(email__iexact=part.email).first()
    return found or found_person(organisation, email=part.email, name=part.name, roles=part.roles, time_zone=ZONE)

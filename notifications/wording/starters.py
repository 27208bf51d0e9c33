"""Letters to begin with, for an exposed recipient list: our own words, to be changed. PURE data."""

from collections.abc import Mapping
from dataclasses import dataclass

from notifications.wording.sections import Wording


@dataclass(frozen=True, slots=True)
class Starter:
    """A wording to begin with, and what it is called."""

    code: str
    title: str
    text: Wording


_APOLOGY = Wording(
    subject="We showed your e-mail address to other people",
    opening="Dear {{ name }},\n\nwe made your e-mail address visible to other people. We are sorry. This letter says "
    "what happened, what it may mean for you, and what you can do.",
    sections={
        "what_happened": "We sent our newsletter to a list of people. All addresses stood in the message, where "
        "everybody who got it could read them. We tried to call the message back an hour later. For most people that "
        "did not work.",
        "what_information": "Your e-mail address, and your name if it stands beside it, could be seen. As the list is "
        "ours, others can also tell that you are in touch with us. No password, no payment data and no other records "
        "were in the message.",
        "what_it_may_mean": "Somebody on the list may know your address and draw conclusions from your being on it. "
        "You may get unwanted messages. Some of them may pretend to come from us.",
        "what_we_have_done": "We have secured the records of what happened. We have asked everybody to delete the "
        "message. We have told the data protection authority. We are changing how we send to many people, so that "
        "no address can be seen.",
        "what_you_can_do": "Please delete the message and do not pass it on. Be careful with messages that ask for "
        "your password or for money, also if they seem to come from us. If you fear for your safety because of this, "
        "tell us at once.",
        "whom_to_ask": "Write to {{ contact }} and name {{ reference }}. You can also complain to the data protection "
        "authority, and you can go to court.",
    },
    closing="We are sorry that this happened.\n\n{{ organisation }}",
)
_CLARIFICATION = Wording(
    subject="A correction: who sent the newsletter",
    opening="Dear {{ name }},\n\nyou had a letter from us about a message in which your address could be seen. "
    "We want to put one thing right.",
    sections={
        "what_happened": "The message carried the name of one of our colleagues as its sender. That colleague was on "
        "leave and did not send it. It was sent through the colleague's mailbox without their doing.",
        "what_information": "Nothing has changed in what we told you: your address, and your name if it stands beside "
        "it, could be seen.",
        "what_it_may_mean": "For you nothing changes. For our colleague it matters that you know this.",
        "what_we_have_done": "We have ended shared access to mailboxes. Who sends in our name can now be seen.",
        "what_you_can_do": "If you have written about the sender to others, please let them know. There is nothing "
        "else that you need to do.",
        "whom_to_ask": "Write to {{ contact }} and name {{ reference }}. You can also complain to the data protection "
        "authority.",
    },
    closing="We are sorry for the wrong that this did to our colleague, and to you.\n\n{{ organisation }}",
)

STARTERS: Mapping[str, Starter] = {
    one.code: one
    for one in (
        Starter("apology", "Apology to everybody on the list", _APOLOGY),
        Starter("clarification", "Clarification that clears a colleague", _CLARIFICATION),
    )
}

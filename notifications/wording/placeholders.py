"""The few things that differ from letter to letter, filled in strictly: what is unknown is an error. PURE."""

from collections.abc import Mapping
import re

PLACEHOLDERS: Mapping[str, str] = {
    "name": "The person's name, or “Sir or Madam” where none is known",
    "reference": "The number of the case",
    "organisation": "The organisation's name",
    "contact": "The address for questions",
}
NO_NAME = "Sir or Madam"
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}")


class BadPlaceholder(ValueError):
    """A text holds a placeholder that nobody can fill; the message names it."""


def problems(text: str) -> list[str]:
    """
    Return a sentence for each placeholder in ``text`` that is unknown or broken.

    >>> problems("Dear {{ name }}, {{ nmae }}")
    ['Nobody can fill in “{{ nmae }}”. Known are: name, reference, organisation, contact.']
    """
    known = ", ".join(PLACEHOLDERS)
    unknown = [word for word in _PLACE.findall(text) if word not in PLACEHOLDERS]
    found = [f"Nobody can fill in “{{{{ {word} }}}}”. Known are: {known}." for word in unknown]
    if _BRACES.search(_PLACE.sub("", text)):
        found.append("There are curly brackets that belong to no placeholder. Take them out, or close them.")
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """
    Put ``values`` in the place of the placeholders; a value is never read for placeholders itself.

    >>> fill("Dear {{name}},", {"name": "Amira {{ reference }}"})
    'Dear Amira {{ reference }},'

    :raises BadPlaceholder: one is unknown, broken, or has no value.
    """
    found = problems(text)
    if found:
        raise BadPlaceholder(" ".join(found))
    try:
        return _PLACE.sub(lambda place: values[place.group(1)], text)
    except KeyError as error:
        raise BadPlaceholder(f"There is no value for {error}.") from error

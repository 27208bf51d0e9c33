"""The regimes that come with BreachCase, read once. The one place in this room that reads files: its own."""

from functools import cache
from importlib.resources import files

from incidents.law.reading import BadRegime, read_jurisdiction, read_sources
from incidents.law.schema import Library

SOURCES = "sources.yaml"


@cache
def library() -> Library:
    """
    Return every regime that comes with BreachCase, by id.

    >>> library().rule("eu-gdpr-33-1").period.hours
    72

    :raises BadRegime: a file cannot be understood.
    """
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in (files("incidents.law") / "regimes").iterdir()
        if path.name.endswith(".yaml")
    }
    sources = read_sources(texts.pop(SOURCES), SOURCES)
    regimes = [one for name, text in texts.items() for one in read_jurisdiction(text, name, sources)]
    for ids in ([one.id for one in regimes], [rule.id for one in regimes for rule in one.rules]):
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise BadRegime(f"The library names {', '.join(twice)} twice.")
    return Library(tuple(sorted(regimes, key=lambda one: one.id)))

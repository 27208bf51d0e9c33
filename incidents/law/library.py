"""The regimes that come with BreachCase, read once. The one place in this room that reads files: its own."""

from functools import cache
from importlib.resources import files

from incidents.law.schema import Regime, read_regime


@cache
def regimes() -> tuple[Regime, ...]:
    """
    Return every regime, by id.

    :raises BadRegime: a file cannot be understood.
    """
    found = [path for path in (files("incidents.law") / "regimes").iterdir() if path.name.endswith(".yaml")]
    return tuple(
        sorted((read_regime(path.read_text(encoding="utf-8"), path.name) for path in found), key=lambda one: one.id)
    )

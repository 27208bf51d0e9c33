"""Log lines that hold ids, never what people typed (I10)."""

import logging
import traceback
from types import TracebackType


class IdsOnly(logging.Formatter):
    """
    Prints where an error came from and its class, and leaves out its words and the source lines.

    The words of an error repeat values: a database says which name was there twice, a parser which text it choked on.
    """

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return one line a frame, and the class of the error with those behind it."""
        error = ei[1]
        if error is None:
            return ""
        frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(ei[2])]
        return "\n".join([*frames, " from ".join(_classes(error))])


def _classes(error: BaseException) -> list[str]:
    found: list[str] = []
    behind: BaseException | None = error
    while behind is not None and len(found) < 10:  # noqa: PLR2004 - enough to see what happened
        found.append(f"{type(behind).__module__}.{type(behind).__qualname__}")
        behind = behind.__cause__ or behind.__context__
    return found

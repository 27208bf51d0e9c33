"""What a figure is: two ways to do a thing, measured in turn in one run, and the ratio of their times."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Queries:
    """How many queries a page asks, on the large side and on the small."""

    ours: int
    base: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; times are medians [ms]."""

    name: str
    ours: str
    ours_ms: float
    base: str
    base_ms: float
    ratio: float
    rounds: int
    ratio_aim: float | None = None
    ms_aim: float | None = None
    queries: Queries | None = None

    @property
    def misses(self) -> list[str]:
        """Return in words what does not reach its aim."""
        found = []
        if self.queries is not None and self.queries.ours != self.queries.base:
            found.append(f"{self.queries.ours} queries instead of {self.queries.base}")
        if self.ratio_aim is not None and self.ratio >= self.ratio_aim:
            found.append(f"ratio {self.ratio:.2f} instead of under {self.ratio_aim}")
        if self.ms_aim is not None and self.ours_ms >= self.ms_aim:
            found.append(f"{self.ours_ms:.0f} ms instead of under {self.ms_aim:.0f}")
        return found


@dataclass(frozen=True, slots=True)
class Times:
    """Medians [ms] of both ways, and the median of the rounds' ratios."""

    ours_ms: float
    base_ms: float
    ratio: float


def in_turn(ours: Callable[[], object], base: Callable[[], object], *, rounds: int, times: int = 1) -> Times:
    """
    Time both ways in turn, ``rounds`` times, each ``times`` in a row; every other round begins with the other one.

    What the machine does besides then falls on both alike. One round to warm up is thrown away.
    """
    pairs: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        if number % 2:
            first, second = _ms(ours, times), _ms(base, times)
        else:
            second, first = _ms(base, times), _ms(ours, times)
        pairs.append((first, second))
    kept = pairs[1:]
    return Times(
        median(one for one, _ in kept), median(other for _, other in kept), median(one / other for one, other in kept)
    )


def _ms(act: Callable[[], object], times: int) -> float:
    start = perf_counter()
    for _ in range(times):
        act()
    return (perf_counter() - start) * 1000 / times

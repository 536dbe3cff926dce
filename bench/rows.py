"""A figure, and the reference that was measured beside it: without one, a number says nothing."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

Shown = tuple[str, ...]
HEAD: Shown = ("what", "value", "unit", "reference", "ratio", "goal", "holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`ratio` is value / reference. `holds` is None where no goal is set."""

    name: str
    database: str
    value: float
    unit: str
    reference: float | None = None
    goal: str = ""
    holds: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}

    def shown(self) -> Shown:
        verdict = {True: "yes", False: "NO", None: ""}[self.holds]
        numbers = (_short(self.value), self.unit, _short(self.reference), _short(self.ratio))
        return (self.name, *numbers, self.goal, verdict)


def _short(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def table(rows: list[Row]) -> str:
    """Aligned columns, a heading for each database."""
    lines = [HEAD, *(row.shown() for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEAD))]
    out, database = [_line(HEAD, widths)], ""
    for row in rows:
        if row.database != database:
            database = row.database
            out.append(f"-- {database} --")
        out.append(_line(row.shown(), widths))
    return "\n".join(out)


def _line(cells: Shown, widths: list[int]) -> str:
    left, *rest = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join([left, *rest]).rstrip()


# ---- Measuring ----


def rate(work: Callable[[int], object], times: int) -> float:
    """How often a second; `work` is told which time it is."""
    start = time.perf_counter()
    for number in range(times):
        work(number)
    return times / (time.perf_counter() - start)


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: the median, the 99th percentile (nearest rank), and the mean of the time that
    a processor was at work for this process."""

    p50: float
    p99: float
    cpu: float


def spread(work: Callable[[], object], times: int) -> Spread:
    return in_turns({"": work}, times)[""]


def in_turns(works: dict[str, Callable[[], object]], times: int) -> dict[str, Spread]:
    """Several things measured one after the other, again and again: what else the machine does
    then slows all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    busy = dict.fromkeys(works, 0.0)
    for work in works.values():
        work()  # the first time pays for compiling and caches
    for _ in range(times):
        for name, work in works.items():
            start, before = time.perf_counter(), time.process_time()
            work()
            taken[name].append((time.perf_counter() - start) * 1000)
            busy[name] += (time.process_time() - before) * 1000
    return {name: _spread(sorted(found), busy[name]) for name, found in taken.items()}


def _spread(taken: list[float], busy: float) -> Spread:
    times = len(taken)
    return Spread(taken[times // 2], taken[ceil(times * 0.99) - 1], busy / times)

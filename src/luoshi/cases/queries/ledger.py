"""The course of many cases at once, for ledgers: what was done, and what the verification said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.queries.lines import Line, lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a case stands and how it came there, as far as the claim that stands says it.

    `line` is of the case into which it was merged, if it was. `measures` are codes; `passed` is
    None as long as nobody verified that claim. Nobody's name beyond those of the state.
    """

    line: Line
    measures: tuple[str, ...] = ()
    verified_at: datetime | None = None
    passed: bool | None = None


def courses(cases: Iterable[int]) -> dict[int, Course]:
    """By case; five queries for any number."""
    wanted = set(cases)
    into = dict(Case.objects.filter(pk__in=wanted).values_list("pk", "merged_into"))
    real = {case: target or case for case, target in into.items()}
    told = _told(set(real.values()))
    return {case: told[target] for case, target in real.items() if target in told}


MOVES = ("claimed", "claim_withdrawn", "return_declined", "verified", "reopened")


def _told(cases: set[int]) -> dict[int, Course]:
    found = {one.id: one for one in lines(Case.objects.filter(pk__in=cases))}
    measures: dict[int, tuple[str, ...]] = {}
    verified: dict[int, tuple[datetime, bool]] = {}
    events = CaseEvent.objects.filter(case__in=cases, kind__in=MOVES).order_by("case", "seq")
    for case, kind, at, data in events.values_list("case", "kind", "at", "data"):
        if kind == "verified":
            verified[case] = (at, bool(data.get("passed")))
            continue
        # A new claim or a reopening makes what was said of the one before the past.
        verified.pop(case, None)
        measures[case] = tuple(data.get("measures", ())) if kind == "claimed" else ()
    return {
        id: Course(
            line=line,
            measures=measures.get(id, ()),
            verified_at=verified[id][0] if id in verified else None,
            passed=verified[id][1] if id in verified else None,
        )
        for id, line in found.items()
    }

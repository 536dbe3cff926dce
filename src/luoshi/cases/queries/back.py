"""What came back in a span of days: sent back by a verification, disputed, reopened, recurred."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.queries.lines import Line, lines
from luoshi.rules.state import Seat

WAYS = ("recurred", "disputed", "sent_back", "reopened")
"""recurred: the same subject and category again; disputed: the reporter, or a second check of the
desk's word; sent_back: a verification failed; reopened: by the desk or the inspection team."""

KINDS = ("reopened", "verified", "verdict_given")

READ = 500
"""Events looked at, the newest first: more in a week says enough."""


@dataclass(frozen=True, slots=True)
class Back:
    """For each way how many cases came back (a case once), and the latest of them."""

    counts: Mapping[str, int]
    latest: Mapping[str, Sequence[tuple[Line, datetime]]]
    cut: bool  # more happened than was read

    def __bool__(self) -> bool:
        return any(self.counts.values())


def came_back(
    district: int,
    *,
    since: datetime,
    until: datetime,
    without: Collection[int] = (),
    each: int = 3,
) -> Back:
    """Without sealed cases and those that accuse somebody's unit (`without`); up to four queries,
    the first over the events of these days only."""
    rows = (
        # The kinds said once more by themselves, so that the index by kind and time serves.
        CaseEvent.objects.filter(district_id=district, kind__in=KINDS, at__gte=since, at__lte=until)
        .filter(_back())
        .filter(case__sealed=False)
        .exclude(case__in=list(without))
        .order_by("-at", "-pk")
    )
    found = list(rows.values_list("case", "kind", "at", "data")[: READ + 1])
    ways: dict[str, dict[int, datetime]] = {way: {} for way in WAYS}
    for case, kind, at, data in found[:READ]:
        ways[_way(kind, data)].setdefault(case, at)
    shown = {way: list(cases.items())[:each] for way, cases in ways.items()}
    known = _lines(case for cases in shown.values() for case, _ in cases)
    return Back(
        counts={way: len(cases) for way, cases in ways.items()},
        latest={way: [(known[case], at) for case, at in cases] for way, cases in shown.items()},
        cut=len(found) > READ,
    )


def _back() -> Q:
    return (
        Q(kind="reopened")
        | Q(kind="verified", data__passed=False)
        | Q(kind="verdict_given", data__solved=False)
    )


def _way(kind: str, data: Mapping[str, Any]) -> str:
    if kind == "verified":
        return "sent_back"
    if kind == "verdict_given":
        return "disputed"
    if data.get("cause") == "recurrence":
        return "recurred"
    return "disputed" if data.get("by") in {Seat.REPORTER, Seat.SAMPLER} else "reopened"


def _lines(cases: Iterable[int]) -> dict[int, Line]:
    wanted = set(cases)
    return {line.id: line for line in lines(Case.objects.filter(pk__in=wanted))} if wanted else {}

"""A shift of the desk: what is unfinished, what falls due, whom to phone, what was noted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from luoshi.cases.models import CaseEvent, Handover, PhoneTry, Report
from luoshi.cases.queries.calls import DESK_WORK
from luoshi.cases.queries.lines import Line, lines
from luoshi.cases.queries.lists import OPEN, PAGE
from luoshi.rules.state import Origin, Status
from luoshi.trust import vault

SHIFT = timedelta(hours=24)
NOTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`text` is None once it was erased; `taken_by` is None while nobody has taken it over."""

    id: int
    by: int
    at: datetime
    text: str | None
    taken_by: int | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPhone:
    """`tries`: how often nobody answered since the case reached this unit; `again_at`: not before
    then, None when nobody has tried."""

    line: Line
    report: int
    tries: int
    again_at: datetime | None


def unfinished(
    district: int, person: int, *, now: datetime, without: Collection[int] = ()
) -> tuple[Line, ...]:
    """Cases on which this person acted lately and which still wait for the desk; three queries."""
    acted = CaseEvent.objects.filter(person=person, at__gte=now - SHIFT).values("case")
    rows = OPEN.filter(DESK_WORK, district_id=district, sealed=False, pk__in=acted)
    return lines(rows.exclude(pk__in=list(without)).order_by("next_at", "pk")[:PAGE])


def due_soon(district: int, *, until: datetime, without: Collection[int] = ()) -> tuple[Line, ...]:
    """What waits for the desk and is due by then, what is late already on top; three queries."""
    # Once a time is missed, `next_at` is the next reminder: days away, though nothing is later.
    late = Q(status__in=(Status.NEW, Status.RETURNED), late_since__isnull=False)
    rows = OPEN.filter(DESK_WORK, late | Q(next_at__lte=until), district_id=district, sealed=False)
    rows = rows.exclude(pk__in=list(without))
    return lines(rows.order_by(F("late_since").asc(nulls_last=True), "next_at", "pk")[:PAGE])


def notes(district: int) -> tuple[Note, ...]:
    """The latest notes for the next shift, the newest first; two queries."""
    rows = list(Handover.objects.filter(district_id=district).order_by("-pk")[:NOTES])
    texts = vault.read_texts(row.note for row in rows) if rows else {}
    return tuple(
        Note(
            id=row.pk,
            by=row.by,
            at=row.at,
            text=texts[row.note],
            taken_by=row.taken_by,
            taken_at=row.taken_at,
        )
        for row in rows
    )


def to_phone(district: int, *, now: datetime, without: Collection[int] = ()) -> tuple[ToPhone, ...]:
    """Whose reporter nobody has contacted yet though he can be reached, the longest waiting on
    top; whoever was tried just now comes last. Five queries."""
    reachable = Report.objects.filter(case=OuterRef("pk"), reachable=True, contact__isnull=False)
    rows = OPEN.filter(
        Exists(reachable), district_id=district, status=Status.HANDLING, contacted=False,
        sealed=False, origin=Origin.REPORT, reporters__gt=0,
    )  # fmt: skip
    put_off = PhoneTry.objects.filter(
        case=OuterRef("pk"), at__gte=OuterRef("since"), again_at__gt=now
    )
    rows = rows.exclude(pk__in=list(without)).annotate(put_off=Exists(put_off))
    found = lines(rows.order_by("put_off", "since", "pk")[:PAGE])
    reports, tries = _reports(found), _tries(found)

    def one(line: Line) -> ToPhone:
        made = [
            t for t in tries.get(line.id, ()) if not line.state.since or t.at >= line.state.since
        ]
        return ToPhone(
            line=line,
            report=reports[line.id],
            tries=sum(t.rang for t in made),
            again_at=max((t.again_at for t in made), default=None),
        )

    ready = [one(line) for line in found if line.id in reports]
    later = [row for row in ready if row.again_at and row.again_at > now]
    later.sort(key=lambda row: row.again_at or now)
    return (*(row for row in ready if row not in later), *later)


def _reports(found: Iterable[Line]) -> dict[int, int]:
    """The latest report of each case whose reporter can be reached."""
    rows = Report.objects.filter(
        Q(case__in=[line.id for line in found]), reachable=True, contact__isnull=False
    )
    return dict(rows.order_by("pk").values_list("case", "pk"))


def _tries(found: Iterable[Line]) -> dict[int, list[PhoneTry]]:
    made: dict[int, list[PhoneTry]] = {}
    for row in PhoneTry.objects.filter(case__in=[line.id for line in found]):
        made.setdefault(row.case, []).append(row)
    return made

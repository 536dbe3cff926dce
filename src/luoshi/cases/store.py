"""Reading a case under lock, and writing row, events, log leaves and deliveries together.

The only code that writes the tables Case, CaseEvent and CaseUnit. Everything happens in the
transaction of the caller, so that state and history stand or fall together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings

from luoshi.cases.models import Case, CaseEvent, CaseUnit, Report
from luoshi.cases.rows import put_state, to_state
from luoshi.infra import direct, ids, kept, outbox
from luoshi.registry import queries as registry
from luoshi.rules.deadlines import Calendar, Terms
from luoshi.rules.due import OWES, due_of
from luoshi.rules.evolve import evolve
from luoshi.rules.state import Event, Seat, State
from luoshi.trust import log

SAFE_INTEGER = 2**53
"""JSON numbers end here (RFC 8785): larger ids go into the canonical bytes as text."""


Clock = tuple[Terms, Calendar]


class NoSuchCase(LookupError):
    """No case of that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who did it, in which part, for which unit; as written into the event."""

    seat: Seat
    person: int | None = None
    unit: int | None = None
    report: int | None = None


@dataclass(slots=True)
class Held:
    """A case whose row is locked by this transaction."""

    row: Case
    state: State
    clock: Clock


def clock_of(district: int, now: datetime) -> Clock:
    """The terms and the calendar that hold for deadlines starting about `now`."""
    with kept.at_once():
        calendar = registry.calendar(district)
        return registry.terms(district, now.astimezone(calendar.tz).date()), calendar


def hold(*, case: int, now: datetime, clock: Clock | None = None) -> Held:
    """Lock one case and read it; the clock too, unless it is there already. Raises NoSuchCase."""
    row = Case.objects.select_for_update().filter(pk=case).first()
    if row is None:
        raise NoSuchCase(case)
    return Held(row, to_state(row), clock or clock_of(row.district_id, now))


def hold_all(*, cases: Sequence[int], now: datetime) -> dict[int, Held]:
    """Lock several cases in the order of their ids, so that two who do so never wait in a ring."""
    held: dict[int, Held] = {}
    clock = None
    for case in sorted(set(cases)):
        held[case] = hold(case=case, now=now, clock=clock)
        clock = held[case].clock
    return held


def fresh(*, district: int, number: str, now: datetime, clock: Clock | None = None) -> Held:
    """A case that is not yet received; its row is written by the first `commit`."""
    row = Case(id=ids.new_id(now=now), district_id=district, number=number)
    return Held(row, State(), clock or clock_of(district, now))


def commit(held: Held, events: Sequence[Event], *, by: By, now: datetime) -> list[int]:
    """Write the events and the state that follows; the ids of the events.

    Changes `held` to the new state, so that a further command may follow in the transaction.
    """
    if not events:
        return []
    written = with_due(held, events, now)
    for event in written:
        held.state = evolve(held.state, event, now)
    row, first = held.row, held.row.seq + 1
    handled_before = set(row.handlers)
    row.seq += len(written)
    put_state(row, held.state)
    if first == 1:
        direct.insert(row)
    else:
        row.save(force_update=True)
    found = [_write(row, first + n, event, by, now) for n, event in enumerate(written)]
    _remember_units(row, held.state.handlers - handled_before)
    for event, event_id in zip(written, found, strict=True):
        _queue(row, event, event_id, by, now)
    return found


def with_due(held: Held, events: Sequence[Event], now: datetime) -> list[Event]:
    """The last event carries what the clock waits for next, so that the fold needs no calendar."""
    after = held.state
    for event in events:
        after = evolve(after, event, now)
    due = due_of(after, *held.clock)
    kind, at = (due[0], due[1].isoformat()) if due else (None, None)
    last = replace(events[-1], data={**events[-1].data, "due_kind": kind, "next_at": at})
    return [*events[:-1], last]


def _write(row: Case, seq: int, event: Event, by: By, now: datetime) -> int:
    written = CaseEvent(
        id=ids.new_id(now=now),
        case=row,
        district_id=row.district_id,
        seq=seq,
        kind=event.kind,
        at=now,
        seat=by.seat,
        person=by.person,
        unit=by.unit,
        data=dict(event.data),
    )
    leaf = log.commit(groups=groups_of(written))
    written.canonical, written.nonce = leaf.canonical, leaf.nonce
    written.leaf = log.append(district=row.district_id, leaf=leaf)
    direct.insert(written)
    return written.pk


class Happened(Protocol):
    """What of an event is committed to."""

    @property
    def district_id(self) -> int: ...
    @property
    def case_id(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Any: ...
    @property
    def at(self) -> datetime: ...
    @property
    def seat(self) -> str: ...
    @property
    def person(self) -> int | None: ...
    @property
    def unit(self) -> int | None: ...


def groups_of(event: Happened) -> dict[str, Any]:
    """What an event commits to in the log; each group can be shown without the others."""
    return {
        "case": {
            "district": str(event.district_id),
            "id": str(event.case_id),
            "seq": event.seq,
        },
        "what": {"kind": event.kind, "data": _canonical(event.data)},
        "when": {"at": event.at.astimezone(UTC).isoformat()},
        "who": {
            "seat": event.seat,
            "person": _canonical(event.person),
            "unit": _canonical(event.unit),
        },
    }


def _canonical(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) > SAFE_INTEGER:
        return str(value)
    if isinstance(value, dict):
        return {key: _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    return value


def _remember_units(row: Case, units: frozenset[int]) -> None:
    rows = [CaseUnit(case=row, unit=unit) for unit in sorted(units)]
    if rows:
        CaseUnit.objects.bulk_create(rows, ignore_conflicts=True)


def _queue(row: Case, event: Event, event_id: int, by: By, now: datetime) -> None:
    """Deliveries for what somebody subscribed to: once for the owner, once for each reporter."""
    if row.owner is not None and _concerns_owner(event):
        for handler in settings.OWNER_HANDLERS.get(event.kind, ()):
            ref = f"event:{event_id}"
            outbox.enqueue(district=row.district_id, handler=handler, ref=ref, due_at=now)
    if not row.reports and "report" not in event.data:
        return
    for handler in settings.REPORTER_HANDLERS.get(event.kind, ()):
        for report in reports_of(row.pk, only=event.data.get("report")):
            outbox.enqueue(
                district=row.district_id,
                handler=handler,
                ref=f"event:{event_id}:report:{report}",
                due_at=now,
            )


def _concerns_owner(event: Event) -> bool:
    """What passes or satisfies asks nothing more of the owner, nor does what others missed."""
    if event.kind == "missed":
        return OWES[event.data["due"]] is Seat.OWNER
    return not (event.data.get("passed") or event.data.get("solved"))


def reports_of(case: int, *, only: int | None = None) -> list[int]:
    """Reports of the case and of those merged into it, oldest first; or just the one named."""
    if only is not None:
        return [only]
    merged = Case.objects.filter(merged_into=case).values("pk")
    own = Report.objects.filter(case=case) | Report.objects.filter(case__in=merged)
    return list(own.order_by("pk").values_list("pk", flat=True))

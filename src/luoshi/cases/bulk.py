"""Taking in many reports at once: what `intake.receive` would write for each, in a few statements.

The same rules decide; only the writing differs. What is not a plain new case (a picture, something
told in confidence, a problem that came back) goes the usual way, one by one.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings

from luoshi.cases import intake
from luoshi.cases.gather import Actor
from luoshi.cases.intake import NewReport, Received, key_of, once
from luoshi.cases.models import Case, CaseEvent, Category, IdempotencyKey, Report
from luoshi.cases.rows import NAMES, put_state
from luoshi.cases.search import index
from luoshi.cases.store import clock_of, fresh, groups_of, with_due
from luoshi.infra import bulk, direct, ids, outbox
from luoshi.rules.case import decide
from luoshi.rules.evolve import evolve
from luoshi.rules.state import Command, Event, Facts, Seat, Status
from luoshi.trust import bulk as trust
from luoshi.trust import codes, log

CHUNK = 500
"""Reports of one transaction: some tenths of a second during which SQLite has no other writer."""


def already(*, district: int, door: str, external_ids: Collection[str]) -> set[str]:
    """Those of these names under which a door handed something in before; one query."""
    keys = {key_of(one): one for one in external_ids}
    rows = direct.among(IdempotencyKey, ["key"], "key", keys, district_id=district, door=door)
    return {keys[bytes(key)] for (key,) in rows}


def receive_many(
    *, reports: Sequence[NewReport], now: datetime, by: Actor | None = None
) -> list[Received]:
    """Take in reports of one district and door; the receipts in their order.

    Each chunk is a transaction of its own, unless there is one already. The same (door, external
    id) again gives the same receipt. Exceptions as `intake.receive`, for a whole chunk.
    """
    if len({(one.district, one.door) for one in reports}) > 1:
        raise ValueError("reports of one district and door")
    found: list[Received] = []
    for start in range(0, len(reports), CHUNK):
        part = reports[start : start + CHUNK]
        found += once(lambda part=part: _Chunk(part, now, by).take())  # type: ignore[misc]
    return found


CASE = ("id", "district_id", "number", "seq", "lat", "lon", "told", "door", *NAMES)
REPORT = (
    "id", "district_id", "case_id", "number", "door", "track", "received_at", "text", "contact",
    "code_hash", "phone_tag", "reachable", "language", "minor",
)  # fmt: skip


class Opened(NamedTuple):
    """What reports that say the same of category and place become: the events, but for the
    report that they name, and the state after them as the columns of the case hold it."""

    events: tuple[Event, ...]
    state: tuple[Any, ...]


class Told(NamedTuple):
    """An event, its columns in this order."""

    id: int
    case_id: int
    district_id: int
    seq: int
    kind: str
    at: datetime
    seat: str
    person: int | None
    unit: int | None
    data: dict[str, Any]


class _Chunk:
    """Some reports, and everything that is written for them."""

    def __init__(self, reports: Sequence[NewReport], now: datetime, by: Actor | None) -> None:
        self.reports, self.now, self.by = reports, now, by
        self.district, self.door = reports[0].district, reports[0].door
        self.keys = [key_of(one.external_id) for one in reports]
        self.records = trust.Records(district=self.district, now=now)
        self.opened: dict[Any, Opened] = {}
        self.rows: list[tuple[Any, ...]] = []
        self.cases: list[tuple[Any, ...]] = []
        self.events: list[Told] = []
        self.words: list[index.New] = []

    def take(self) -> list[Received]:
        known = self._known()
        first: dict[bytes, int] = {}
        fresh_ones, receipts = list[int](), dict[int, Received]()
        back = self._came_back()
        for place, (report, key) in enumerate(zip(self.reports, self.keys, strict=True)):
            if key in known:
                receipts[place] = known[key]
            elif key in first:
                continue
            elif (
                report.pictures
                or report.confidential
                or report.joins
                or (report.subject, report.category) in back
            ):
                receipts[place] = intake.receive(report=report, now=self.now, by=self.by)
                first[key] = place
            else:
                fresh_ones.append(place)
                first[key] = place
        receipts |= self._new(fresh_ones)
        for place, key in enumerate(self.keys):
            if place not in receipts:
                one = receipts[first[key]]
                receipts[place] = Received(one.report, one.case, one.number, repeated=True)
        return [receipts[place] for place in range(len(self.reports))]

    def _known(self) -> dict[bytes, Received]:
        here = {"district_id": self.district, "door": self.door}
        rows = direct.among(IdempotencyKey, ["key", "report"], "key", self.keys, **here)
        keys = {report: bytes(key) for key, report in rows if report}
        found = direct.among(Report, ["id", "case_id", "number"], "id", keys)
        return {keys[id]: Received(id, case, number, repeated=True) for id, case, number in found}

    def _came_back(self) -> set[tuple[int | None, str]]:
        """Subjects and categories of which a case was closed lately; `intake` looks closer."""
        wanted = {(one.subject, one.category) for one in self.reports if one.subject}
        closed = Case.objects.filter(
            district_id=self.district,
            subject__in={subject for subject, _ in wanted},
            status=Status.CLOSED,
            closed_at__gte=self.now - timedelta(days=settings.RECURRENCE_DAYS),
        )
        return {pair for pair in closed.values_list("subject", "category") if pair in wanted}

    def _new(self, places: Sequence[int]) -> dict[int, Received]:
        if not places:
            return {}
        self.clock = clock_of(self.district, self.now)
        active = Category.objects.filter(district_id=self.district, active=True)
        self.categories = {row.code: row for row in active}
        numbers = self._numbers(len(places))
        receipts = {
            place: self._one(self.reports[place], number)
            for place, number in zip(places, numbers, strict=True)
        }
        self._write([(self.keys[place], one.report, one.case) for place, one in receipts.items()])
        return receipts

    def _numbers(self, count: int) -> Iterator[str]:
        """As many free ones; who takes one of them at the same time makes `once` begin anew."""
        found: dict[str, None] = {}
        while len(found) < count:
            drawn = {intake.number_of(self.now) for _ in range(count - len(found))} - found.keys()
            for model in (Case, Report):
                there = {"district_id": self.district}
                taken = direct.among(model, ["number"], "number", drawn, **there)
                drawn -= {number for (number,) in taken}
            found |= dict.fromkeys(drawn)
        return iter(found)

    def _one(self, report: NewReport, number: str) -> Received:
        contact = tag = None
        if report.phone or report.name or report.email:
            contact, tag = self.records.contact(
                number=number, phone=report.phone, name=report.name, email=report.email
            )
        text = self.records.text(report.text)
        id, case = ids.new_id(now=self.now), ids.new_id(now=self.now)
        code = codes.code_hash(report.code) if report.code else None
        self.rows.append(
            (id, self.district, case, number, self.door, "ordinary", self.now, text, contact,
             code, tag, intake.reachable(report), report.language, report.minor)
        )  # fmt: skip
        opened = self._opened(report)
        lat, lon = intake.rounded(report.lat), intake.rounded(report.lon)
        self.cases.append(
            (case, self.district, number, len(opened.events), lat, lon, text, self.door,
             *opened.state)
        )  # fmt: skip
        self.words.append(index.New(case, number, report.area, report.subject, text, report.text))
        self._tell(report, id, case, opened.events)
        return Received(id, case, number)

    def _opened(self, report: NewReport) -> Opened:
        """What the rules make of it. They are pure, and look at nothing of a report but this: of
        many that say the same only the first is decided."""
        data = intake.received_data(0, report, self.categories.get(report.category))
        same = tuple(tuple(v) if isinstance(v, list) else v for v in data.values())
        if same not in self.opened:
            held = fresh(district=self.district, number="", now=self.now, clock=self.clock)
            known = Facts(now=self.now, seats=frozenset({Seat.DOOR}))
            events = with_due(held, decide(held.state, Command("receive", data), known), self.now)
            for event in events:
                held.state = evolve(held.state, event, self.now)
            put_state(held.row, held.state)
            state = bulk.adapted([getattr(held.row, name) for name in NAMES])
            self.opened[same] = Opened(tuple(events), state)
        return self.opened[same]

    def _tell(self, report: NewReport, id: int, case: int, events: Sequence[Event]) -> None:
        signed = intake.signed_by(report, id, self.by)
        for seq, event in enumerate(events, 1):
            self.events.append(
                Told(
                    ids.new_id(now=self.now), case, self.district, seq, event.kind, self.now,
                    signed.seat, signed.person, signed.unit, {**event.data, "report": id},
                )
            )  # fmt: skip

    def _write(self, keys: Sequence[tuple[bytes, int, int]]) -> None:
        leaves = log.commit_many(groups=[groups_of(event) for event in self.events])
        at = trust.reserve(len(leaves))
        self.records.write()
        bulk.insert(Case, CASE, self.cases, ready=True)
        trust.append(district=self.district, ids=at, leaves=leaves)
        bulk.insert(
            CaseEvent,
            (*Told._fields, "canonical", "nonce", "leaf"),
            (
                (*event, leaf.canonical, leaf.nonce, id)
                for event, leaf, id in zip(self.events, leaves, at, strict=True)
            ),
        )
        bulk.insert(Report, REPORT, self.rows)
        index.enter_many(self.words)
        bulk.insert(
            IdempotencyKey,
            ("district_id", "door", "key", "report", "case_id"),
            ((self.district, self.door, *key) for key in keys),
        )
        outbox.enqueue_many(
            district=self.district,
            what=[
                (handler, f"event:{event.id}:report:{event.data['report']}")
                for event in self.events
                for handler in settings.REPORTER_HANDLERS.get(event.kind, ())
            ],
            due_at=self.now,
        )

"""Taking in many reports at once: what `intake.receive` would write for each, in a few statements.

The same rules decide; only the writing differs. What is not a plain new case (a picture, something
told in confidence, a problem that came back) goes the usual way, one by one.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from luoshi.cases import intake
from luoshi.cases.gather import Actor
from luoshi.cases.intake import NewReport, Received, key_of, once
from luoshi.cases.models import Case, CaseEvent, Category, IdempotencyKey, Report
from luoshi.cases.rows import put_state
from luoshi.cases.store import Held, clock_of, fresh, groups_of, with_due
from luoshi.infra import bulk, ids, outbox
from luoshi.rules.case import decide
from luoshi.rules.evolve import evolve
from luoshi.rules.state import Command, Facts, Seat, Status
from luoshi.trust import bulk as trust
from luoshi.trust import log

CHUNK = 500
"""Reports of one transaction: some tenths of a second during which SQLite has no other writer."""


def already(*, district: int, door: str, external_ids: Collection[str]) -> set[str]:
    """Those of these names under which a door handed something in before; one query."""
    keys = {key_of(one): one for one in external_ids}
    rows = IdempotencyKey.objects.filter(district_id=district, door=door, key__in=list(keys))
    return {keys[bytes(key)] for key in rows.values_list("key", flat=True)}


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


class _Chunk:
    """Some reports, and everything that is written for them."""

    def __init__(self, reports: Sequence[NewReport], now: datetime, by: Actor | None) -> None:
        self.reports, self.now, self.by = reports, now, by
        self.district, self.door = reports[0].district, reports[0].door
        self.keys = [key_of(one.external_id) for one in reports]
        self.records = trust.Records(district=self.district, now=now)
        self.rows: list[Report] = []
        self.cases: list[Case] = []
        self.events: list[CaseEvent] = []

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
                report.pictures or report.confidential or (report.subject, report.category) in back
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
        rows = IdempotencyKey.objects.filter(
            district_id=self.district, door=self.door, key__in=self.keys, report__isnull=False
        )
        keys = {report: bytes(key) for key, report in rows.values_list("key", "report")}
        found = Report.objects.filter(pk__in=keys).values_list("pk", "case", "number")
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
        clock = clock_of(self.district, self.now)
        categories = {
            row.code: row for row in Category.objects.filter(district_id=self.district, active=True)
        }
        numbers = self._numbers(len(places))
        receipts = {}
        for place, number in zip(places, numbers, strict=True):
            report = self.reports[place]
            held = fresh(district=self.district, number=number, now=self.now, clock=clock)
            row = self._report(report, number)
            row.case_id = held.row.pk
            self._open(held, row, report, categories.get(report.category))
            receipts[place] = Received(row.pk, held.row.pk, number)
        self._write({receipts[place].report: self.keys[place] for place in places})
        return receipts

    def _numbers(self, count: int) -> Iterator[str]:
        """As many free ones; who takes one of them at the same time makes `once` begin anew."""
        found: dict[str, None] = {}
        while len(found) < count:
            drawn = {intake.number_of(self.now) for _ in range(count - len(found))} - found.keys()
            for model in (Case, Report):
                taken = model.objects.filter(district_id=self.district, number__in=drawn)
                drawn -= set(taken.values_list("number", flat=True))
            found |= dict.fromkeys(drawn)
        return iter(found)

    def _report(self, report: NewReport, number: str) -> Report:
        contact = tag = None
        if report.phone or report.name or report.email:
            contact = self.records.contact(phone=report.phone, name=report.name, email=report.email)
        if report.phone:
            tag = self.records.tag(number=number, phone=report.phone)
        text = self.records.text(report.text)
        row = intake.report_row(report, number, text=text, contact=contact, tag=tag, now=self.now)
        self.rows.append(row)
        return row

    def _open(self, held: Held, row: Report, report: NewReport, category: Category | None) -> None:
        data = intake.received_data(row, report, category)
        held.row.lat, held.row.lon = intake.rounded(report.lat), intake.rounded(report.lon)
        known = Facts(now=self.now, seats=frozenset({Seat.DOOR}))
        events = decide(held.state, Command("receive", data), known)
        signed = intake.signed_by(report, row.pk, self.by)
        for seq, event in enumerate(with_due(held, events, self.now), 1):
            held.state = evolve(held.state, event, self.now)
            self.events.append(
                CaseEvent(
                    id=ids.new_id(now=self.now),
                    case_id=held.row.pk,
                    district_id=self.district,
                    seq=seq,
                    kind=event.kind,
                    at=self.now,
                    seat=signed.seat,
                    person=signed.person,
                    unit=signed.unit,
                    data=dict(event.data),
                )
            )
            held.row.seq = seq
        put_state(held.row, held.state)
        self.cases.append(held.row)

    def _write(self, keys: dict[int, bytes]) -> None:
        leaves = [log.commit(groups=groups_of(event)) for event in self.events]
        at = trust.reserve(len(leaves))
        for event, leaf, id in zip(self.events, leaves, at, strict=True):
            event.canonical, event.nonce, event.leaf = leaf.canonical, leaf.nonce, id
        self.records.write()
        bulk.insert(self.cases)
        trust.append(district=self.district, ids=at, leaves=leaves)
        bulk.insert(self.events)
        bulk.insert(self.rows)
        bulk.insert((self._key(row, keys[row.pk]) for row in self.rows), number=True)
        outbox.enqueue_many(
            district=self.district,
            what=[
                (handler, f"event:{event.pk}:report:{event.data['report']}")
                for event in self.events
                for handler in settings.REPORTER_HANDLERS.get(event.kind, ())
            ],
            due_at=self.now,
        )

    def _key(self, row: Report, key: bytes) -> IdempotencyKey:
        return IdempotencyKey(
            district_id=self.district, door=self.door, key=key, report=row.pk, case_id=row.case_id
        )

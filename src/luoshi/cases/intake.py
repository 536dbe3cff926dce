"""Taking in: what a door hands over becomes a report and a case, exactly once.

Idempotent by (door, external id); the key is stored as a hash in a table of its own. A report that
names the very subject and category of a recently closed case joins and reopens it (recurrence).
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from luoshi.cases import evidence, gather
from luoshi.cases.gather import SYSTEM, Actor
from luoshi.cases.models import Case, Category, IdempotencyKey, Report
from luoshi.cases.search import index
from luoshi.cases.store import By, Held, commit, fresh, hold
from luoshi.infra import direct, ids, kept
from luoshi.rules.case import decide
from luoshi.rules.guards import JOINABLE
from luoshi.rules.state import Command, Facts, Origin, Seat, Status
from luoshi.trust import codes, vault

Done = TypeVar("Done")

TRIES = 5
"""How often a report is tried again when two of the same moment drew the same number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """What a door hands over. `external_id` is the door's own name for it, for retries.

    `code` is the access code generated with the form; None where a door gives none. `minor` marks
    a child, who is never asked for a verdict. `accused` are units, if the reporter named any.
    `joins` is an open case that the reporter himself took for the same; when it cannot take him in
    any more, the report becomes a case of its own.
    """

    district: int
    door: str
    external_id: str
    text: str
    phone: str | None = None
    name: str | None = None
    email: str | None = None
    code: str | None = None
    confidential: bool = False
    minor: bool = False
    category: str = ""
    area: int | None = None
    subject: int | None = None
    place_open: bool = False
    danger: bool = False
    accused: tuple[int, ...] = ()
    lat: float | None = None
    lon: float | None = None
    language: str = "zh-hans"
    origin: Origin = Origin.REPORT
    pictures: Sequence[bytes] = ()
    joins: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """The receipt: number of the report, its case, and whether a retry found it already here."""

    report: int
    case: int
    number: str
    repeated: bool = False
    joined: bool = False


def receive(*, report: NewReport, now: datetime, by: Actor | None = None) -> Received:
    """Take in one report. The same (door, external id) again gives the same receipt.

    `by` is the desk person who took it down, or the inspector who found it himself (origin
    inspection); None when the reporter used the door himself.
    """
    ready = evidence.prepare(report.pictures)
    key = key_of(report.external_id)

    def take() -> Received:
        with kept.at_once():
            return _known(report, key) or _take_in(report, key, ready, by, now)

    return once(take)


def once(work: Callable[[], Done]) -> Done:
    """In a transaction, and again when the same came twice at once or two drew one number."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError:
            continue
    raise RuntimeError("no free number found")


def key_of(external_id: str) -> bytes:
    return hashlib.sha256(b"luoshi/v1/door\n" + external_id.encode()).digest()


def _known(report: NewReport, key: bytes) -> Received | None:
    known = [report.district, report.door, key]
    found = direct.select(
        "SELECT report FROM cases_idempotencykey WHERE district_id = %s AND door = %s AND key = %s",
        known,
    )
    if not found or found[0][0] is None:
        return None
    old = Report.objects.get(pk=found[0][0])
    return Received(old.pk, old.case_id, old.number, repeated=True)


def _take_in(
    report: NewReport,
    key: bytes,
    ready: Sequence[evidence.Prepared],
    by: Actor | None,
    now: datetime,
) -> Received:
    number = number_of(now)
    held = _chosen(report, now) or _came_back(report, now)
    past = held is not None
    if held is None:
        held = fresh(district=report.district, number=number, now=now)
    row = _report_row(report, number, now)
    if held.row.told is None:
        held.row.told, held.row.door = row.text, row.door
    signed = signed_by(report, row.pk, by)
    if past:
        _join(held, row, report, signed, now)
    else:
        _open_case(held, row, report, signed, now)
    row.case_id = held.row.pk
    direct.insert(row)
    if row.text and not report.confidential:
        said = {row.text: report.text}
        index.enter(held.row, texts=said, numbers=[row.number], more=past)
    taken_by = Seat.INSPECTOR if signed.seat is Seat.INSPECTOR else Seat.REPORTER
    evidence.attach(held.row, ready, purpose="report", seat=taken_by, report=row.pk, now=now)
    once_only = IdempotencyKey(
        district_id=report.district,
        door=report.door,
        key=key,
        report=row.pk,
        case_id=held.row.pk,
    )
    direct.insert(once_only)
    return Received(row.pk, held.row.pk, number, joined=past)


def _chosen(report: NewReport, now: datetime) -> Held | None:
    """The case that the reporter says is the same, unless nothing can join it any more."""
    held = hold(case=report.joins, now=now) if report.joins else None
    return held if held and not held.state.merged_into and _joinable(held, report) else None


def _came_back(report: NewReport, now: datetime) -> Held | None:
    """The recent case of the same, unless it was merged away between the look and the lock."""
    past = _recurrence(report, now)
    held = hold(case=past, now=now) if past else None
    return held if held and not held.state.merged_into else None


def signed_by(report: NewReport, row: int, by: Actor | None) -> By:
    if by is None:
        return By(seat=Seat.DOOR, report=row)
    seat = Seat.INSPECTOR if report.origin is Origin.INSPECTION else Seat.DESK
    return By(seat=seat, person=by.person, report=row)


def number_of(now: datetime) -> str:
    """The short number: day and six digits; unique by the database, tried again when taken."""
    today = now.astimezone(timezone.get_default_timezone())
    return f"{today:%y%m%d}-{secrets.randbelow(10**6):06d}"


def _report_row(report: NewReport, number: str, now: datetime) -> Report:
    """The unsaved report; text and contact go into the vault at once."""
    contact = tag = None
    if report.phone or report.name or report.email:
        contact = vault.seal_contact(
            district=report.district,
            phone=report.phone,
            name=report.name,
            email=report.email,
            now=now,
        )
    if report.phone:
        tag = vault.phone_tag(number=number, phone=report.phone)
    text = vault.store_text(
        district=report.district, text=report.text, sealed=report.confidential, now=now
    )
    return Report(
        id=ids.new_id(now=now),
        district_id=report.district,
        number=number,
        door=report.door,
        track="confidential" if report.confidential else "ordinary",
        received_at=now,
        text=text,
        contact=contact,
        code_hash=codes.code_hash(report.code) if report.code else None,
        phone_tag=tag,
        reachable=reachable(report),
        minor=report.minor,
        language=report.language,
    )


def reachable(report: NewReport) -> bool:
    """Whether somebody can be asked for his verdict."""
    return not report.minor and bool(report.phone or report.email or report.code)


def _open_case(held: Held, row: Report, report: NewReport, signed: By, now: datetime) -> None:
    category = None
    if report.category:
        category = Category.objects.filter(
            district_id=report.district, code=report.category, active=True
        ).first()
    data = received_data(row.pk, report, category)
    held.row.lat, held.row.lon = rounded(report.lat), rounded(report.lon)
    known = Facts(now=now, seats=frozenset({Seat.DOOR}))
    commit(held, decide(held.state, Command("receive", data), known), by=signed, now=now)


def received_data(id: int, report: NewReport, category: Category | None) -> dict[str, Any]:
    """What the rules are told of a new report."""
    urgency = category.urgency if category else "ordinary"
    return {
        "origin": report.origin,
        "sealed": report.confidential,
        "report": id,
        "reachable": reachable(report),
        "category": category.code if category else "",
        "urgency": "danger" if report.danger else urgency,
        "tier": category.tier if category else "papers",
        "area": report.area,
        "subject": report.subject,
        "place_open": report.place_open,
        "accused": sorted(report.accused),
    }


def rounded(degrees: float | None) -> Any:
    """Four decimals, about ten metres: where the problem is, not at which window somebody sits."""
    return None if degrees is None else round(degrees, 4)


def _join(held: Held, row: Report, report: NewReport, signed: By, now: datetime) -> None:
    """Reopen the recent case of the same subject and category, and add the report to it."""
    # Somebody may have reopened it between the look-up and the lock.
    if not held.state.open:
        there = gather.world(report.district, now)
        again = Command("reopen", {"cause": "recurrence"})
        known = gather.facts(held, again, actor=SYSTEM, there=there, now=now)
        commit(held, decide(held.state, again, known), by=By(seat=Seat.SYSTEM), now=now)
    data = {"report": row.pk, "reachable": row.reachable, "accused": sorted(report.accused)}
    more = Facts(now=now, seats=frozenset({Seat.DOOR}))
    commit(held, decide(held.state, Command("join", data), more), by=signed, now=now)


def _joinable(held: Held, report: NewReport) -> bool:
    """Whether somebody who says "the same" may be taken at his word: the case is being handled,
    nothing in it is confidential and nobody is accused, in it or by him."""
    state = held.state
    open_to_all = not (state.sealed or state.accused or report.confidential or report.accused)
    being_handled = state.status in JOINABLE and state.parent is None and not state.children
    return open_to_all and being_handled and held.row.district_id == report.district


def _recurrence(report: NewReport, now: datetime) -> int | None:
    """A case of the identical subject and category, closed within the days of recurrence."""
    if report.confidential or not (report.subject and report.category):
        return None
    since = now - timedelta(days=settings.RECURRENCE_DAYS)
    recent = Case.objects.filter(
        district_id=report.district,
        subject=report.subject,
        category=report.category,
        status=Status.CLOSED,
        parent=None,
        merged_into=None,
        sealed=False,
        closed_at__gte=since,
    )
    if report.origin is Origin.INSPECTION:
        # In a case that was never assigned the desk could answer what the inspection team found.
        recent = recent.filter(was_assigned=True)
    return recent.order_by("-pk").values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class OldRecord:
    """A row of an old ledger: what was wrong, when, and how it was "closed" then."""

    district: int
    ledger: str
    line: str
    text: str
    happened_at: datetime
    category: str = ""
    area: int | None = None
    subject: int | None = None
    closing_words: str = ""


def record_old(*, record: OldRecord, by: Actor, now: datetime) -> int:
    """Import an old record: closed/unverified at once, in no rate. Idempotent by (ledger, line).

    The id of the case. Raises Refused when `by` does not sit at the desk.
    """
    key = key_of(f"{record.ledger}\n{record.line}")
    return once(lambda: _imported(record, key) or _import(record, key, by, now))


def _imported(record: OldRecord, key: bytes) -> int | None:
    known = IdempotencyKey.objects.filter(district_id=record.district, door="ledger", key=key)
    return known.values_list("case_id", flat=True).first()


def _import(record: OldRecord, key: bytes, by: Actor, now: datetime) -> int:
    held = fresh(district=record.district, number=number_of(now), now=now)
    there = gather.world(record.district, now)
    said = "\n".join(part for part in (record.text, record.closing_words) if part)
    data: dict[str, Any] = {
        "category": record.category,
        "area": record.area,
        "subject": record.subject,
        "received_at": record.happened_at.isoformat(),
        "summary": vault.store_text(district=record.district, text=said, sealed=False, now=now),
    }
    command = Command("import", data)
    known = gather.facts(held, command, actor=by, there=there, now=now)
    signed = gather.by_of(by, "import", known.seats, held.state, there)
    commit(held, decide(held.state, command, known), by=signed, now=now)
    index.enter(held.row, texts={data["summary"]: said})
    IdempotencyKey.objects.create(
        district_id=record.district, door="ledger", key=key, report=None, case_id=held.row.pk
    )
    return held.row.pk

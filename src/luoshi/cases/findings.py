"""A finding opens a case, joins the open one, or reopens the one closed not long ago.

Once for its key. What a check found goes straight to whoever answers for it: no desk stands
between, so the received case is assigned in the same breath. With nobody to answer it waits at
the desk like a report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from luoshi.cases import evidence, gather
from luoshi.cases.evidence import Prepared
from luoshi.cases.gather import SYSTEM, World
from luoshi.cases.intake import number_of, once
from luoshi.cases.models import Case, Category, IdempotencyKey
from luoshi.cases.search import index
from luoshi.cases.store import By, Clock, Held, clock_of, commit, fresh, hold
from luoshi.rules.case import decide
from luoshi.rules.evolve import evolve
from luoshi.rules.state import Command, Facts, Origin, Refused, Seat
from luoshi.trust import vault

BY_RULE = By(seat=Seat.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """What was found unmet. `key` names it once and for all (32 bytes); `owner` is the unit that
    answered for it on that day, `person` whoever in it; `earlier` the case of an earlier finding
    of the same expectation and subject; `words` what is wrong, for the lists; `by` who found it
    (he will not verify it), None when a rule did."""

    district: int
    key: bytes
    words: str
    category: str
    tier: str
    days: int
    subject: int
    area: int | None = None
    owner: int | None = None
    person: int | None = None
    earlier: int | None = None
    by: int | None = None
    pictures: Sequence[Prepared] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The case; `joined` when it was there already, `repeated` when this key was here before."""

    case: int
    joined: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What does not change while many findings are opened: clock, people, categories."""

    clock: Clock
    there: World
    urgencies: Mapping[str, str]


def desk_of(district: int, now: datetime) -> Desk:
    """Some queries, once for all findings of a run."""
    clock = clock_of(district, now)
    there = gather.world(district, now)
    categories = Category.objects.filter(district_id=district, active=True)
    return Desk(clock, there, dict(categories.values_list("code", "urgency")))


def open_finding(*, finding: NewFinding, now: datetime, desk: Desk | None = None) -> Opened:
    """Open or join a case for it; the same key again gives the same case.

    Raises Refused category_missing for a category that the district does not have.
    """
    known = desk or desk_of(finding.district, now)
    if finding.category not in known.urgencies:
        raise Refused("category_missing")
    return once(lambda: _known(finding) or _take(finding, known, now))


def _known(finding: NewFinding) -> Opened | None:
    rows = IdempotencyKey.objects.filter(
        district_id=finding.district, door="finding", key=finding.key
    )
    case = rows.values_list("case_id", flat=True).first()
    return Opened(case, repeated=True) if case is not None else None


def _take(finding: NewFinding, desk: Desk, now: datetime) -> Opened:
    earlier = _still_there(finding, now) if finding.earlier else None
    again = earlier is not None
    earlier = earlier or _beside(finding)
    held = hold(case=earlier, now=now, clock=desk.clock) if earlier else None
    if held is None:
        held = fresh(district=finding.district, number=number_of(now), now=now, clock=desk.clock)
        _open(held, finding, desk, now)
    else:
        _found_more(held, finding, desk, now, again=again)
    IdempotencyKey.objects.create(
        district_id=finding.district,
        door="finding",
        key=finding.key,
        report=None,
        case_id=held.row.pk,
    )
    return Opened(held.row.pk, joined=earlier is not None)


def _open(held: Held, finding: NewFinding, desk: Desk, now: datetime) -> None:
    """Received and assigned: one commit, so the row is written once."""
    words = vault.store_text(district=finding.district, text=finding.words, sealed=False, now=now)
    told: dict[str, object] = {
        "origin": Origin.FINDING,
        "category": finding.category,
        "urgency": desk.urgencies[finding.category],
        "tier": finding.tier,
        "area": finding.area,
        "subject": finding.subject,
        "summary": words,
    }
    if finding.pictures:
        told["pictures"] = _pictures(held, finding, now)
    known = Facts(now=now, seats=frozenset({Seat.DOOR}))
    events = decide(held.state, Command("receive", told), known)
    state = held.state
    for event in events:
        state = evolve(state, event, now)
    if finding.owner:
        orders: dict[str, object] = {"owner": finding.owner, "days": finding.days}
        if finding.person:
            orders["named"] = finding.person
        assign = Command("assign", orders)
        ends = gather.deadline_of(Held(held.row, state, held.clock), assign, now)
        by_rule = Facts(now=now, seats=frozenset({Seat.SYSTEM}), deadline=ends)
        events += decide(state, assign, by_rule)
    commit(held, events, by=_signed(finding), now=now)
    index.enter(held.row, texts={words: finding.words})


def _signed(finding: NewFinding) -> By:
    return By(seat=Seat.INSPECTOR, person=finding.by) if finding.by else BY_RULE


def _pictures(held: Held, finding: NewFinding, now: datetime) -> list[int]:
    return evidence.attach(
        held.row, finding.pictures, purpose="inspect", seat=Seat.INSPECTOR, report=None, now=now
    )


def _found_more(held: Held, finding: NewFinding, desk: Desk, now: datetime, *, again: bool) -> None:
    """Reopened when it was closed; raised when the very same was found again."""
    if not held.state.open:
        reopening = Command("reopen", {"cause": "recurrence"})
        known = gather.facts(held, reopening, actor=SYSTEM, there=desk.there, now=now)
        commit(held, decide(held.state, reopening, known), by=BY_RULE, now=now)
    more = Facts(now=now, seats=frozenset({Seat.DOOR}))
    told: dict[str, object] = {"origin": Origin.FINDING, "again": again}
    if finding.pictures:
        told["pictures"] = _pictures(held, finding, now)
    join = Command("join", told)
    commit(held, decide(held.state, join, more), by=_signed(finding), now=now)


def _beside(finding: NewFinding) -> int | None:
    """An open case of other findings of this subject and category that is still being handled and
    is verified in the same way: one owner puts it all right at once."""
    rows = Case.objects.filter(
        district_id=finding.district,
        subject=finding.subject,
        category=finding.category,
        tier=finding.tier,
        origin=Origin.FINDING,
        status__in=("new", "assigned", "handling"),
        parent=None,
    )
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def _still_there(finding: NewFinding, now: datetime) -> int | None:
    """The case of the earlier finding, or what it was merged into, while it is open or was closed
    within the days of recurrence by anything but a decision of the desk."""
    row = Case.objects.filter(pk=finding.earlier or 0).first()
    if row is not None and row.merged_into:
        row = Case.objects.filter(pk=row.merged_into).first()
    if row is None or row.parent:
        return None
    since = now - timedelta(days=settings.RECURRENCE_DAYS)
    if row.status != "closed":
        return row.pk
    recent = row.closed_at is not None and row.closed_at >= since
    return row.pk if recent and row.was_assigned else None

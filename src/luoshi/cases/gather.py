"""What a decision must know beyond the case: seats, clock, evidence, independence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from luoshi.cases.evidence import Prepared, used_before
from luoshi.cases.models import Case, CaseEvent, Category, Report
from luoshi.cases.store import By, Held
from luoshi.infra import kept
from luoshi.registry import queries as registry
from luoshi.rules import permissions
from luoshi.rules.case import TABLE
from luoshi.rules.deadlines import Term, add_working_days, deadline
from luoshi.rules.independence import Involved, UnitFact, draw, ineligible, share
from luoshi.rules.permissions import VERIFIER_CHAIN, RoleFact
from luoshi.rules.state import Command, Due, Facts, Origin, Seat, State

ROLE_OF_SEAT = {
    Seat.DESK: ("desk", "inspector", "leader", "panel"),
    Seat.OWNER: ("handler",),
    Seat.INSPECTOR: ("inspector", "leader", "panel"),
    Seat.LEADER: ("leader", "panel"),
    Seat.NEUTRAL: ("leader", "panel"),
    Seat.VERIFIER: VERIFIER_CHAIN,
    Seat.SAMPLER: ("desk", "inspector"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who gives a command: a person, a reporter by his report, or the system itself."""

    person: int | None = None
    report: int | None = None


SYSTEM = Actor()


@dataclass(frozen=True, slots=True)
class World:
    """The people and units of a district today; read once for a command and all that follows."""

    roster: tuple[RoleFact, ...]
    units: Mapping[int, UnitFact]


def world(district: int, now: datetime) -> World:
    """One query, whatever the size of the district."""
    with kept.at_once():
        return World(
            registry.roster(district, on=timezone.localdate(now)), registry.units(district)
        )


def seats_of(actor: Actor, row: Case, state: State, there: World) -> frozenset[Seat]:
    """The seats an actor may take on this case."""
    if actor.person is not None:
        return permissions.seats(
            person=actor.person,
            state=state,
            roster=there.roster,
            units=there.units,
            family=_family_units(row, state),
        )
    if actor.report is not None:
        return frozenset({Seat.REPORTER})
    return frozenset({Seat.SYSTEM})


def by_of(actor: Actor, command: str, seats: frozenset[Seat], state: State, there: World) -> By:
    """In which part the actor gives this command, and for which unit."""
    row = TABLE.get(command)
    fitting = [seat for seat in Seat if row and seat in seats & row.by]
    seat = fitting[0] if fitting else Seat.SYSTEM
    unit = state.owner if seat is Seat.OWNER else _unit(actor.person, seat, there)
    return By(seat=seat, person=actor.person, unit=unit, report=actor.report)


def _unit(person: int | None, seat: Seat, there: World) -> int | None:
    for role in ROLE_OF_SEAT.get(seat, ()):
        for fact in there.roster:
            if fact.person == person and fact.role == role:
                return fact.unit
    return None


def facts(
    held: Held,
    command: Command,
    *,
    actor: Actor,
    there: World,
    now: datetime,
    ready: Sequence[Prepared] = (),
    doubt: str | None = None,
    target: Held | None = None,
    passed_due: Due | None = None,
    seats: frozenset[Seat] | None = None,
) -> Facts:
    """Everything that `decide` asks about this command on this case, now."""
    state = held.state
    seats = seats_of(actor, held.row, state, there) if seats is None else seats
    by = by_of(actor, command.kind, seats, state, there)
    checked = command.data.get("person") if command.kind == "draw" else actor.person
    return Facts(
        now=now,
        seats=seats,
        person=actor.person,
        unit=by.unit,
        overdue=bool(state.deadline and now > state.deadline),
        return_window=_within(held, state.assigned_at, "return_window", now),
        reopen_window=_within(held, state.closed_at, "reopen_window", now),
        open_children=bool(state.children) and _open_child(held.row.pk),
        deadline=deadline_of(held, command, now),
        target=target.state if target else None,
        target_older=target is None or target.row.pk < held.row.pk,
        ineligible=_ineligible(held, command, checked, there, now),
        evidence=_evidence(held, command, ready),
        own_evidence=bool(ready),
        doubt=doubt,
        colleague=_colleague(command, state, there),
        voted=_voted(actor, state),
        passed_due=passed_due,
        next_check=_next_check(held, command, now),
        latest_review=now + timedelta(days=settings.LONGEST_DEFERRAL_DAYS),
    )


def _next_check(held: Held, command: Command, now: datetime) -> str | None:
    """What the check says that a verifier made of a finding; who knows findings is passed in."""
    # A finding may lie in what was merged into a case that a person reported.
    found = held.state.origin is Origin.FINDING or held.state.absorbed
    if command.kind != "verify" or not found:
        return None
    ask = import_string(settings.NEXT_CHECK)
    said: str | None = ask(case=held.row.pk, check=command.data.get("check"), now=now)
    return said


def _within(held: Held, start: datetime | None, step: str, now: datetime) -> bool:
    terms, calendar = held.clock
    return start is None or now <= deadline(calendar, start, terms.of(step)).at


def _open_child(case: int) -> bool:
    return Case.objects.filter(parent=case).exclude(status="closed").exists()


def deadline_of(held: Held, command: Command, now: datetime) -> datetime | None:
    """Where the clock ends that this command starts."""
    state, (terms, calendar) = held.state, held.clock
    if command.kind == "decide_extension" and state.deadline and command.data.get("days"):
        start = state.deadline - timedelta(microseconds=1)
        return add_working_days(calendar, start, int(command.data["days"]))
    if command.kind not in {"assign", "spawn", "reopen"}:
        return None
    urgency = command.data.get("urgency") or state.urgency
    from_receipt = urgency == "danger" and command.kind == "assign" and not state.reopened
    start = state.received_at if from_receipt and state.received_at else now
    return deadline(calendar, start, days_to_correct(command, terms.of(urgency))).at


def days_to_correct(command: Command, usual: Term) -> Term:
    """The term that a finding or the desk gives with the command, else the usual one."""
    days = command.data.get("days")
    return Term(working_days=int(days)) if days else usual


def _evidence(held: Held, command: Command, ready: Sequence[Prepared]) -> str | None:
    if command.kind != "reply" and used_before(held.row.district_id, ready):
        return "picture_used_before"
    if command.kind in {"claim", "verify"} and any(picture.flat for picture in ready):
        return "picture_shows_nothing"
    if command.kind == "claim" and command.data.get("outcome") == "fixed" and not ready:
        needed = Category.objects.filter(
            district_id=held.row.district_id, code=held.state.category, picture_needed=True
        )
        return "picture_missing" if needed.exists() else None
    return None


def _colleague(command: Command, state: State, there: World) -> bool:
    """Whether the person named, if one is, handles cases in the unit that owns this one."""
    person = command.data.get("person")
    if command.kind not in {"acknowledge", "hand_over"} or person is None:
        return True
    return any(
        fact.person == person and fact.role == "handler" and fact.unit == state.owner
        for fact in there.roster
    )


def _voted(actor: Actor, state: State) -> bool:
    return (
        actor.report is not None
        and Report.objects.filter(pk=actor.report, verdict_claim=state.claims).exists()
        and state.claims > 0
    )


# ---- Independence ----


def _ineligible(
    held: Held, command: Command, person: int | None, there: World, now: datetime
) -> str | None:
    if command.kind not in {"draw", "verify"} or person is None:
        return None
    return reasons(held, there, {person}, now)[person]


def reasons(held: Held, there: World, people: set[int], now: datetime) -> dict[int, str | None]:
    """For each of the people why he may not verify this case, None when he may."""
    involved = involved_in(held)
    received = held.state.received_at or now
    belongs = registry.affiliations(people, since=received.date(), until=now.date())
    absent = {fact.person for fact in there.roster if fact.absent}
    return {
        person: ineligible(
            person=person,
            belongs=belongs.get(person, frozenset()),
            involved=involved,
            units=there.units,
            absent=person in absent,
        )
        for person in people
    }


def family(row: Case, state: State) -> list[int]:
    """The case, its parent, its children, and what was merged into any of them."""
    near = {row.pk, *Case.objects.filter(parent=row.pk).values_list("pk", flat=True)}
    if state.parent:
        near.add(state.parent)
    merged = Case.objects.filter(merged_into__in=near).values_list("pk", flat=True)
    return sorted(near | set(merged))


def _family_units(row: Case, state: State) -> frozenset[int]:
    """Units that handled, or are accused in, any case of the family; none without a family."""
    if not (state.parent or state.children or state.absorbed):
        return frozenset()
    rows = Case.objects.filter(pk__in=family(row, state)).values_list("handlers", "accused")
    return frozenset(unit for handled, blamed in rows for unit in (*handled, *blamed))


def involved_in(held: Held) -> Involved:
    """Units that handled the case or its family, the accused, and everybody who acted on it."""
    cases = family(held.row, held.state)
    rows = Case.objects.filter(pk__in=cases).values_list("handlers", "accused")
    handlers: set[int] = set(held.state.handlers)
    accused: set[int] = set(held.state.accused)
    for handled, blamed in rows:
        handlers.update(handled)
        accused.update(blamed)
    people = CaseEvent.objects.filter(case__in=cases).exclude(seat=Seat.VERIFIER)
    acted = {person for person in people.values_list("person", flat=True).distinct() if person}
    return Involved(
        handlers=frozenset(handlers), accused=frozenset(accused), acted=frozenset(acted)
    )


def drawn_verifier(held: Held, there: World, seed: str, now: datetime) -> dict[str, Any] | None:
    """Data of a `draw` command: the person, the frozen pool, the seed, whether the published share
    of so many per cent fell on it; None with nobody left. All of it is committed to with the event,
    so that the draw can be made again by whoever is shown it (check_case does)."""
    passed_over = _passed_over(held)
    for link in VERIFIER_CHAIN:
        people = {fact.person for fact in there.roster if fact.role == link and not fact.absent}
        if not people - passed_over:
            continue
        why = reasons(held, there, people - passed_over, now)
        pool = sorted(person for person, reason in why.items() if reason is None)
        person = draw(pool=pool, seed=seed)
        if person is not None:
            percent = settings.RAISED_PERCENT
            raised = share(case=held.row.pk, seed=seed, percent=percent)
            drawn = {"person": person, "pool": pool, "seed": seed}
            return {**drawn, "raised": raised, "percent": percent}
    return None


def _passed_over(held: Held) -> set[int]:
    """Whoever recused himself or let this claim lie is not drawn for it again."""
    since = held.state.claimed_at
    if since is None:
        return set()
    gone = CaseEvent.objects.filter(case=held.row, kind__in=("recused", "redrawn"), at__gte=since)
    found = set[int]()
    for kind, person, data in gone.values_list("kind", "person", "data"):
        found.add(data["person"] if kind == "redrawn" or person is None else person)
    return found

"""Everything that changes a case: the only writer of reports, cases, events and pictures.

Each call is one transaction: lock the row, ask the pure rules, store state and events together
with their log leaves, queue what follows. Keyword-only; exceptions: Refused (the rules say no),
NoSuchCase, PictureRefused, StorageFull, BadPhone, ContactEmpty.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from luoshi.cases import evidence, gather, looks, replies, taken
from luoshi.cases.findings import Desk, NewFinding, Opened, desk_of, open_finding
from luoshi.cases.gather import SYSTEM, Actor, World
from luoshi.cases.intake import NewReport, OldRecord, Received, receive, record_old
from luoshi.cases.models import Case, Category, Report
from luoshi.cases.search import index
from luoshi.cases.store import Held, NoSuchCase, commit, fresh, hold, hold_all, reports_of
from luoshi.cases.taken import Own
from luoshi.rules.case import decide
from luoshi.rules.independence import draw, share
from luoshi.rules.state import Command, Due, Event, Facts, Refused, State, Status
from luoshi.trust import codes, vault

__all__ = [
    "SYSTEM",
    "Actor",
    "Child",
    "Command",
    "Desk",
    "Done",
    "NewFinding",
    "NewReport",
    "NoSuchCase",
    "OldRecord",
    "Opened",
    "Received",
    "Refused",
    "act",
    "desk_of",
    "issue_link",
    "merge",
    "open_finding",
    "receive",
    "record_old",
    "split",
    "tick",
    "tick_due",
    "unmerge",
]

PURPOSE = {"claim": "claim", "verify": "verify", "inspect": "inspect", "reply": "report"}
WHEN_REDIRECTED = {"verdict", "reply", "deny", "reopen"}
LINK_DAYS = 30

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """The state after a command and the ids of the events that it caused."""

    case: int
    state: State
    events: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A part of a case with an owner of its own."""

    category: str
    owner: int
    summary: str
    days: int | None = None


def act(
    *,
    case: int,
    command: Command,
    actor: Actor,
    now: datetime,
    text: str = "",
    pictures: Sequence[bytes] = (),
    explanation: str = "",
    seen: int | None = None,
) -> Done:
    """Give one command on one case. `explanation` says why a picture looks like an earlier
    one, or was taken at another time or place. `seen` is the sequence number of the page the actor
    saw: when somebody acted in between, Refused("changed_meanwhile") and nothing happens."""
    ready = evidence.prepare(pictures)
    with transaction.atomic():
        held = hold(case=_effective(case, command), now=now)
        _check_seen(held, seen)
        if actor.report is not None and not _may_speak(actor.report, held, command):
            raise Refused("not_your_part")
        there = gather.world(held.row.district_id, now)
        events = _perform(
            held, command, actor, there, now, text=text, ready=ready, explanation=explanation
        )
        events += _follow_up(held, command, there, now)
        return Done(held.row.pk, held.state, events)


def _check_seen(held: Held, seen: int | None) -> None:
    if seen is not None and seen != held.row.seq:
        raise Refused("changed_meanwhile")


def _effective(case: int, command: Command) -> int:
    """A reporter of a merged case speaks to its target, one who reopens a child to its parent."""
    if command.kind not in WHEN_REDIRECTED:
        return case
    row = Case.objects.filter(pk=case).values_list("merged_into", "parent").first()
    return next((other for other in row if other), case) if row else case


def _may_speak(report: int, held: Held, command: Command) -> bool:
    """Only where his report is now: a merge may have been taken back since he was sent here.

    Who cannot be asked (a child, nobody to reach) is not waited for, so his word would count as
    that of somebody who is.
    """
    case = held.row.pk
    here = Q(case=case) | Q(case__merged_into=case)
    reachable = Report.objects.filter(here, pk=report).values_list("reachable", flat=True).first()
    return bool(reachable) if command.kind == "verdict" else reachable is not None


def _perform(
    held: Held,
    command: Command,
    actor: Actor,
    there: World,
    now: datetime,
    *,
    text: str = "",
    ready: Sequence[evidence.Prepared] = (),
    explanation: str = "",
    target: Held | None = None,
    passed_due: Due | None = None,
) -> list[int]:
    """Ask the rules and write what follows; the ids of the events."""
    data = _completed(held, command)
    words = "summary" if command.kind == "classify" else "text"
    written_down = {words: text.strip(), "explanation": explanation.strip()}
    # Only marks for the rules; the texts are stored once they have agreed.
    data |= {key: True for key, said in written_down.items() if said}
    # What a reporter sends again proves nothing, and asks for no explanation.
    judged = () if actor.report is not None else ready
    alike = looks.look_alikes(held.row.district_id, judged)
    own = taken.own_of(held, command.kind, judged, now=now)
    doubt = evidence.doubt(alike, own)
    if ready:
        data["pictures"] = [True] * len(ready)
    asked = Command(command.kind, data)
    known = gather.facts(
        held,
        asked,
        actor=actor,
        there=there,
        now=now,
        ready=ready,
        doubt=doubt,
        target=target,
        passed_due=passed_due,
    )
    _asked(held, asked, known, alike, own)
    by = gather.by_of(actor, command.kind, known.seats, held.state, there)
    for key, said in written_down.items():
        if said:
            # What a confidential reporter says later is as confidential as what he said first.
            data[key] = vault.store_text(
                district=held.row.district_id,
                text=said,
                sealed=held.state.sealed and actor.report is not None,
                now=now,
            )
    if ready:
        data["pictures"] = evidence.attach(
            held.row,
            ready,
            purpose=PURPOSE.get(command.kind, "note"),
            seat=by.seat,
            report=actor.report,
            now=now,
            alike=alike,
            own=own,
            explanation=data.get("explanation"),
        )
    if actor.report is not None:
        data["report"] = actor.report
    events = decide(held.state, Command(command.kind, data), known)
    written = commit(held, events, by=by, now=now)
    if command.kind == "classify":
        index.renew(held.row)
    if command.kind == "claim":
        replies.keep(held, text=text, stored=data["text"], now=now)
    _record_words(held, events, actor, known)
    return written


def _asked(
    held: Held, command: Command, known: Facts, alike: Mapping[int, int], own: Sequence[Own]
) -> None:
    """Raises what the rules say; where a picture must be explained, with what speaks against it."""
    try:
        decide(held.state, command, known)
    except Refused as no:
        if no.code != known.doubt:
            raise
        found = [(place + 1, place in alike, own[place]) for place in evidence.doubted(alike, own)]
        raise Refused(no.code, pictures=found) from None


def _completed(held: Held, command: Command) -> dict[str, Any]:
    """Urgency and tier come from the category: the desk may change the first, never the second."""
    data = dict(command.data)
    data.pop("explanation", None)  # it is a text, and comes beside the data as texts do
    if command.kind == "classify":
        category = Category.objects.filter(
            district_id=held.row.district_id, code=data.get("category", ""), active=True
        ).first()
        if category is None:
            raise Refused("category_missing")
        data["urgency"] = data.get("urgency") or category.urgency
        data["tier"] = category.tier
    return data


def _record_words(held: Held, events: Sequence[Event], actor: Actor, known: Facts) -> None:
    """The verdict of each reporter stands at his report; closing settles who said nothing."""
    for event in events:
        if event.kind == "verdict_given" and actor.report is not None:
            verdict = "solved" if event.data["solved"] else "unsolved"
            Report.objects.filter(pk=actor.report).update(
                verdict=verdict,
                verdict_at=known.now,
                verdict_claim=held.state.claims,
                satisfied=event.data.get("satisfied"),
                link_hash=None,
            )
        if event.kind == "closed" and event.data.get("verdict"):
            silent = Report.objects.filter(pk__in=reports_of(held.row.pk)).filter(
                ~Q(verdict_claim=held.state.claims) | Q(verdict=None)
            )
            silent.filter(reachable=True).update(verdict="no_answer", link_hash=None)
            silent.filter(reachable=False).update(verdict="not_reachable")


# ---- What follows by itself, in the same transaction ----


def _follow_up(held: Held, command: Command, there: World, now: datetime) -> list[int]:
    state = held.state
    if state.status is Status.CLAIMED and state.verifier is None:
        return _draw(held, there, now)
    if command.kind in {"answer", "decline"}:
        return _draw_sample(held, there, now)
    return []


def _draw(held: Held, there: World, now: datetime) -> list[int]:
    """Draw a verifier; with nobody left the case stays claimed, on the leader's list."""
    data = gather.drawn_verifier(held, there, secrets.token_hex(16), now)
    return _perform(held, Command("draw", data), SYSTEM, there, now) if data else []


def _draw_sample(held: Held, there: World, now: datetime) -> list[int]:
    seed = secrets.token_hex(16)
    percent = settings.SAMPLE_PERCENT
    if not share(case=held.row.pk, seed=seed, percent=percent):
        return []
    for link in ("desk", "inspector"):
        pool = sorted(
            {f.person for f in there.roster if f.role == link and not f.absent}
            - {held.state.answered_by}
        )
        person = draw(pool=pool, seed=seed)
        if person is not None:
            data = {"person": person, "seed": seed, "pool": pool, "percent": percent}
            return _perform(held, Command("draw_sample", data), SYSTEM, there, now)
    return []


# ---- Several cases at once ----


def merge(
    *,
    case: int,
    target: int,
    actor: Actor,
    now: datetime,
    text: str = "",
    seen: int | None = None,
) -> Done:
    """Close a case into an older one; its reporters follow and each has a verdict there."""
    with transaction.atomic():
        held = hold_all(cases=(case, target), now=now)
        _check_seen(held[case], seen)
        if case == target:
            raise Refused("target_younger")
        one, other = held[case], held[target]
        if one.row.district_id != other.row.district_id:
            raise Refused("target_not_open")
        there = gather.world(one.row.district_id, now)
        handed = _handed_over(one.state)
        command = Command("merge", {"target": target})
        events = _perform(one, command, actor, there, now, text=text, target=other)
        _perform(other, Command("absorb", {"case": case, **handed}), SYSTEM, there, now)
        _unheard(case)
        return Done(case, one.state, events)


def unmerge(
    *, case: int, actor: Actor, now: datetime, text: str = "", seen: int | None = None
) -> Done:
    """Take a merge back while the target is open."""
    with transaction.atomic():
        found = Case.objects.filter(pk=case).values_list("merged_into", flat=True).first()
        if found is None:
            raise Refused("not_merged")
        held = hold_all(cases=(case, found), now=now)
        _check_seen(held[case], seen)
        one, other = held[case], held[found]
        if one.row.merged_into != found:
            # Between the look and the lock it left, and perhaps went into another case.
            raise Refused("changed_meanwhile")
        there = gather.world(one.row.district_id, now)
        command = Command("unmerge")
        events = _perform(one, command, actor, there, now, text=text, target=other)
        taken = _handed_over(one.state)
        back = {"case": case, "reports": taken["reports"], "reporters": taken["reporters"]}
        _perform(other, Command("release", back), SYSTEM, there, now)
        _unheard(case)
        return Done(case, one.state, events)


def _unheard(case: int) -> None:
    """Claims are counted by each case for itself: what a reporter said of a claim of the one is
    no word on a claim of the other."""
    Report.objects.filter(case=case).update(verdict_claim=0)


def _handed_over(state: State) -> dict[str, Any]:
    return {
        "reports": state.reports,
        "reporters": state.reporters,
        "deadline": state.deadline.isoformat() if state.deadline else None,
        "accused": sorted(state.accused),
        "level": state.level,
    }


def split(
    *,
    case: int,
    children: Sequence[Child],
    actor: Actor,
    now: datetime,
    text: str = "",
    seen: int | None = None,
) -> list[Done]:
    """Give parts of a case to owners of their own; the parent waits for all of them.

    Raises Refused parts_missing for fewer than two parts. The parent comes first in the result.
    """
    if len(children) < 2:
        raise Refused("parts_missing")
    with transaction.atomic():
        parent = hold(case=case, now=now)
        _check_seen(parent, seen)
        there = gather.world(parent.row.district_id, now)
        born = [_spawn(parent, child, n, actor, there, now) for n, child in enumerate(children, 1)]
        command = Command("split", {"children": [done.case for done in born]})
        events = _perform(parent, command, actor, there, now, text=text)
        return [Done(case, parent.state, events), *born]


def _spawn(
    parent: Held, child: Child, place: int, actor: Actor, there: World, now: datetime
) -> Done:
    state, row = parent.state, parent.row
    category = Category.objects.filter(district_id=row.district_id, code=child.category).first()
    number = f"{row.number}-{state.children + place}"
    held = fresh(district=row.district_id, number=number, now=now, clock=parent.clock)
    summary = vault.store_text(district=row.district_id, text=child.summary, sealed=False, now=now)
    data: dict[str, Any] = {
        "origin": state.origin,
        "parent": row.pk,
        "category": child.category,
        "urgency": category.urgency if category else state.urgency,
        "tier": category.tier if category else state.tier,
        "area": state.area,
        "subject": state.subject,
        "summary": summary,
        "accused": sorted(state.accused),
        "sealed": state.sealed,
        "owner": child.owner,
    }
    if child.days:
        data["days"] = child.days
    held.row.lat, held.row.lon = row.lat, row.lon
    seats = gather.seats_of(actor, row, state, there)
    command = Command("spawn", data)
    # A child has no owner yet that could bar anybody: the seats on its parent count.
    known = gather.facts(held, command, actor=actor, there=there, now=now, seats=seats)
    by = gather.by_of(actor, "spawn", seats, state, there)
    events = commit(held, decide(held.state, command, known), by=by, now=now)
    index.enter(held.row, texts={summary: child.summary})
    return Done(held.row.pk, held.state, events)


# ---- The clock ----


def tick(*, case: int, now: datetime) -> Done | None:
    """Do what is due on one case; None when nothing is (somebody was quicker)."""
    with transaction.atomic():
        held = hold(case=case, now=now)
        if held.state.next_at is None or held.state.next_at > now:
            return None
        there = gather.world(held.row.district_id, now)
        command = Command("tick")
        due = held.state.due
        events = _perform(held, command, SYSTEM, there, now, passed_due=due)
        events += _follow_up(held, command, there, now)
        return Done(case, held.state, events)


def tick_due(now: datetime, *, limit: int = 200) -> int:
    """One round of the clock: every case whose time has come, each in its own transaction."""
    due = Case.objects.filter(next_at__lte=now).order_by("next_at")
    return sum(_ticked(case, now) for case in due.values_list("pk", flat=True)[:limit])


def _ticked(case: int, now: datetime) -> bool:
    """One case that cannot be moved must not stop the clock of all others."""
    try:
        return tick(case=case, now=now) is not None
    except Exception:
        log.exception("the clock could not act on case %s", case)
        return False


# ---- The reporter's link ----


def issue_link(*, report: int, now: datetime, token: str | None = None) -> str:
    """A one-time link token for a verdict; only its hash is stored, an earlier one is void.

    A sender that may have to send twice passes a `token` of its own that it can make again.
    """
    token = token or codes.new_token()
    Report.objects.filter(pk=report).update(
        link_hash=codes.token_hash(token), link_until=now + timedelta(days=LINK_DAYS)
    )
    return token

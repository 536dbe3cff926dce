"""Folding events into state. The row of a case is this fold; a test and a nightly job prove it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from luoshi.rules.state import (
    Due,
    Event,
    Extension,
    Origin,
    Resolution,
    Sample,
    State,
    Status,
    Tier,
    Verdict,
)

Data = Mapping[str, Any]


def fold(events: Iterable[tuple[Event, datetime]]) -> State:
    """The state after all events of one case, given in order of their sequence number."""
    state = State()
    for event, at in events:
        state = evolve(state, event, at)
    return state


def evolve(state: State, event: Event, at: datetime) -> State:
    """The state after one event that happened at `at`."""
    after = _FOLD.get(event.kind, _same)(state, event.data, at)
    if after.status is not state.status:
        after = replace(after, since=at, missed=frozenset(), missed_at=None, late_since=None)
    if "next_at" in event.data:
        due = event.data.get("due_kind")
        after = replace(after, due=Due(due) if due else None, next_at=_time(event.data["next_at"]))
    return after


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _same(s: State, d: Data, at: datetime) -> State:
    return s


def _received(s: State, d: Data, at: datetime) -> State:
    reachable = int(bool(d.get("reachable")))
    return replace(
        s,
        status=Status.NEW,
        origin=Origin(d.get("origin", Origin.REPORT)),
        sealed=bool(d.get("sealed")),
        received_at=_time(d.get("received_at")) or at,
        category=d.get("category", ""),
        urgency=d.get("urgency", "ordinary"),
        tier=Tier(d.get("tier", Tier.PAPERS)),
        area=d.get("area"),
        subject=d.get("subject"),
        place_open=bool(d.get("place_open")),
        summary=d.get("summary"),
        accused=frozenset(d.get("accused", ())),
        parent=d.get("parent"),
        reports=int("report" in d),
        reporters=reachable,
    )


def _imported(s: State, d: Data, at: datetime) -> State:
    return replace(_received(s, d, at), origin=Origin.LEDGER)


def _joined(s: State, d: Data, at: datetime) -> State:
    more = int(bool(d.get("reachable")))
    asked = more if s.status is Status.VERDICT else 0
    origin = Origin(d.get("origin", Origin.REPORT))
    return replace(
        s,
        # What the team found or a check brought up is never again the desk's alone to answer.
        origin=s.origin if origin is Origin.REPORT else origin,
        reports=s.reports + int("report" in d),
        reporters=s.reporters + more,
        awaiting=s.awaiting + asked,
        since=at if asked else s.since,  # who is asked last has his full time for a verdict
        level=d.get("level", s.level),
        accused=s.accused | set(d.get("accused", ())),
    )


def _classified(s: State, d: Data, at: datetime) -> State:
    return replace(
        s,
        category=d["category"],
        urgency=d.get("urgency", s.urgency),
        tier=Tier(d.get("tier", s.tier)),
        area=d.get("area", s.area),
        subject=d.get("subject", s.subject),
        summary=d.get("summary", s.summary),
        place_open=s.place_open and not (d.get("area") or d.get("subject")),
    )


def _at_desk(s: State, d: Data, at: datetime) -> State:
    return replace(s, answered_by=d["person"])


def _sample_drawn(s: State, d: Data, at: datetime) -> State:
    return replace(s, sample=Sample.DRAWN, sampler=d["person"])


def _sample_checked(s: State, d: Data, at: datetime) -> State:
    return replace(s, sample=Sample.RIGHT, sampler=None) if d["right"] else s


def _owned(s: State, d: Data, at: datetime) -> State:
    extension = Extension.NONE if s.extension is Extension.ASKED else s.extension
    return replace(
        s,
        status=Status.ASSIGNED,
        owner=d["owner"],
        person=None,
        was_assigned=True,
        handlers=s.handlers | {d["owner"]},
        assigned_at=at,
        extension=extension,
        concludable=False,
    )


def _assigned(s: State, d: Data, at: datetime) -> State:
    deadline = _time(d["deadline"])
    return replace(_owned(s, d, at), deadline=deadline, original_deadline=deadline)


def _ruled(s: State, d: Data, at: datetime) -> State:
    return replace(_owned(s, d, at), final=s.final or d["final"])


def _merged(s: State, d: Data, at: datetime) -> State:
    return replace(s, merged_into=d["target"], before_merge=Status(d["before"]))


def _absorbed(s: State, d: Data, at: datetime) -> State:
    theirs = _time(d.get("deadline"))

    def earliest(ours: datetime | None) -> datetime | None:
        known = [moment for moment in (ours, theirs) if moment]
        return min(known, default=None) if s.was_assigned else ours

    return replace(
        s,
        absorbed=s.absorbed + 1,
        reports=s.reports + d["reports"],
        reporters=s.reporters + d["reporters"],
        deadline=earliest(s.deadline),
        original_deadline=earliest(s.original_deadline),
        accused=s.accused | set(d.get("accused", ())),
        level=max(s.level, d.get("level", 0)),
    )


def _unmerged(s: State, d: Data, at: datetime) -> State:
    return replace(
        s,
        status=s.before_merge,
        was_assigned=s.was_assigned or bool(d.get("assigned")),
        resolution=None,
        merged_into=None,
        before_merge=None,
        closed_at=None,
    )


def _released(s: State, d: Data, at: datetime) -> State:
    return replace(
        s,
        absorbed=s.absorbed - 1,
        reports=s.reports - d["reports"],
        reporters=s.reporters - d["reporters"],
        awaiting=max(s.awaiting - d["reporters"], 0),
    )


def _split(s: State, d: Data, at: datetime) -> State:
    # Parts handled anew: a conclusion would no longer follow directly on a verdict.
    return replace(s, children=s.children + len(d["children"]), concludable=False)


def _handling(s: State, d: Data, at: datetime) -> State:
    return replace(s, status=Status.HANDLING, person=d.get("person", s.person))


def _returned(s: State, d: Data, at: datetime) -> State:
    by = s.returned_by | ({s.owner} if s.owner else set())
    return replace(s, status=Status.RETURNED, returns=s.returns + 1, returned_by=by)


def _return_declined(s: State, d: Data, at: datetime) -> State:
    desk = frozenset({d["desk_unit"]}) if d.get("desk_unit") else frozenset()
    claimed = _claimed(s, {"outcome": Resolution.DECLINED}, at)
    return replace(claimed, handlers=s.handlers | desk)


def _contacted(s: State, d: Data, at: datetime) -> State:
    return replace(s, contacted=True)


def _contact_denied(s: State, d: Data, at: datetime) -> State:
    return replace(s, contacted=False)


def _extension_asked(s: State, d: Data, at: datetime) -> State:
    return replace(s, extension=Extension.ASKED)


def _extension_withdrawn(s: State, d: Data, at: datetime) -> State:
    return replace(s, extension=Extension.NONE)


def _extension_decided(s: State, d: Data, at: datetime) -> State:
    if not d["granted"]:
        return replace(s, extension=Extension.REFUSED)
    return replace(s, extension=Extension.GRANTED, deadline=_time(d["deadline"]))


def _claimed(s: State, d: Data, at: datetime) -> State:
    return replace(
        s,
        status=Status.CLAIMED,
        outcome=Resolution(d["outcome"]),
        claims=s.claims + 1,
        claimed_at=at,
        opened=False,
        begun=False,
        passed=False,
        replied=False,
        concludable=False,
    )


def _claim_withdrawn(s: State, d: Data, at: datetime) -> State:
    return replace(s, status=Status.HANDLING, outcome=None)


def _drawn(s: State, d: Data, at: datetime) -> State:
    raised = s.raised or bool(d.get("raised"))
    return replace(
        s,
        verifier=d["person"],
        raised=raised,
        opened=False,
        drawn_at=at,
        missed=s.missed - {Due.VERIFY},  # each verifier has his own time
        late_since=None,
    )


def _no_verifier(s: State, d: Data, at: datetime) -> State:
    return replace(s, verifier=None, opened=False, drawn_at=at)


def _opened(s: State, d: Data, at: datetime) -> State:
    return replace(s, opened=True, begun=True)


def _replied(s: State, d: Data, at: datetime) -> State:
    return replace(s, replied=s.replied or s.status is Status.CLAIMED)


def _verified(s: State, d: Data, at: datetime) -> State:
    if d["passed"]:
        return replace(s, status=Status.VERDICT, passed=True, awaiting=s.reporters)
    return replace(s, status=Status.HANDLING, **_NO_CLAIM)


def _verdict_given(s: State, d: Data, at: datetime) -> State:
    if d["solved"]:
        return replace(s, awaiting=s.awaiting - 1)
    count = s.not_solved + 1
    return replace(
        s, status=Status.HANDLING, **_NO_CLAIM, not_solved=count, concludable=count >= 2, awaiting=0
    )


_NO_CLAIM: dict[str, Any] = {
    "outcome": None,
    "verifier": None,
    "raised": False,
    "opened": False,
    "begun": False,
    "passed": False,
    "replied": False,
}


def _deferred(s: State, d: Data, at: datetime) -> State:
    return replace(s, status=Status.DEFERRED, review_at=_time(d["review_at"]))


def _resumed(s: State, d: Data, at: datetime) -> State:
    return replace(s, status=Status.HANDLING, review_at=None)


def _escalated(s: State, d: Data, at: datetime) -> State:
    return replace(s, level=d["level"])


def _missed(s: State, d: Data, at: datetime) -> State:
    late = s.late_since or s.next_at or at  # the clock may have come late itself
    missed = s.missed | {Due(d["due"])}
    return replace(s, level=d["level"], missed=missed, missed_at=at, late_since=late)


def _accusation_lifted(s: State, d: Data, at: datetime) -> State:
    return replace(s, accused=s.accused - {d["unit"]})


def _closed(s: State, d: Data, at: datetime) -> State:
    verdict = d.get("verdict")
    return replace(
        s,
        status=Status.CLOSED,
        resolution=Resolution(d["resolution"]),
        verdict=Verdict(verdict) if verdict else None,
        awaiting=0,
        closed_at=at,
        extension=Extension.REFUSED if s.extension is Extension.ASKED else s.extension,
    )


def _reopened(s: State, d: Data, at: datetime) -> State:
    disputed = s.answered_by is not None and d["by"] in {"reporter", "sampler"}
    deadline = _time(d["deadline"])
    return replace(
        s,
        **_NO_CLAIM,
        status=Status.HANDLING if s.was_assigned else Status.NEW,
        resolution=None,
        verdict=None,
        closed_at=None,
        not_solved=0,
        concludable=False,
        extension=Extension.NONE,
        contacted=False,
        deadline=deadline,
        original_deadline=deadline,
        sample=Sample.NONE,
        sampler=None,
        disputed=s.disputed or disputed,
        reopened=s.reopened + 1,
    )


_FOLD = {
    "received": _received,
    "imported": _imported,
    "joined": _joined,
    "classified": _classified,
    "answered": _at_desk,
    "declined": _at_desk,
    "sample_drawn": _sample_drawn,
    "sample_checked": _sample_checked,
    "assigned": _assigned,
    "transferred": _owned,
    "merged": _merged,
    "absorbed": _absorbed,
    "unmerged": _unmerged,
    "released": _released,
    "split": _split,
    "acknowledged": _handling,
    "handed_over": _handling,
    "returned": _returned,
    "ruled": _ruled,
    "return_declined": _return_declined,
    "contacted": _contacted,
    "contact_denied": _contact_denied,
    "extension_asked": _extension_asked,
    "extension_withdrawn": _extension_withdrawn,
    "extension_decided": _extension_decided,
    "claimed": _claimed,
    "claim_withdrawn": _claim_withdrawn,
    "drawn": _drawn,
    "recused": _no_verifier,
    "redrawn": _no_verifier,
    "opened": _opened,
    "replied": _replied,
    "verified": _verified,
    "verdict_given": _verdict_given,
    "deferred": _deferred,
    "resumed": _resumed,
    "escalated": _escalated,
    "missed": _missed,
    "accusation_lifted": _accusation_lifted,
    "closed": _closed,
    "reopened": _reopened,
}

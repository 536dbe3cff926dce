"""The workflow: one table of rows, `decide` that asks it, and the effects of each row.

A row says which seats may give a command, in which statuses, what must hold of the case
(`when`, known before anybody types) and of what was entered (`given`), and which events follow.
`evolve` (in evolve.py) folds events into state. Source: DESIGN.md section 5.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.rules import guards as g
from luoshi.rules.guards import Guard
from luoshi.rules.state import (
    MAX_LEVEL,
    OPEN,
    Command,
    Due,
    Event,
    Extension,
    Facts,
    Refused,
    Resolution,
    Seat,
    State,
    Status,
    Verdict,
)

Effect = Callable[[State, Command, Facts], tuple[Event, ...]]

DOOR, DESK, OWNER, INSPECTOR, LEADER, NEUTRAL, VERIFIER, SAMPLER, REPORTER, SYSTEM = Seat
NEW, ASSIGNED, HANDLING, RETURNED, CLAIMED, VERDICT, DEFERRED, CLOSED = Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the workflow table."""

    by: frozenset[Seat]
    frm: frozenset[Status | None]
    to: str
    effect: Effect
    when: tuple[Guard, ...] = ()
    given: tuple[Guard, ...] = ()


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def just(kind: str, *keys: str) -> Effect:
    """An effect of one event that carries the named data of the command."""

    def effect(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
        return (Event(kind, {key: c.data[key] for key in keys if key in c.data}),)

    return effect


def _received(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    return (Event("received", dict(c.data)),)


def _imported(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    closed = Event("closed", {"resolution": Resolution.UNVERIFIED})
    return (Event("imported", dict(c.data)), closed)


def _spawned(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    # A child has no reporters of its own: those of its parent have the last word.
    not_its_own = {"owner", "text", "report", "reachable"}
    received = {key: value for key, value in c.data.items() if key not in not_its_own}
    return (Event("received", received), *_assigned(s, c, f))


def _joined(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    """What a check finds again, while the case is open, raises it."""
    kept = {
        key: c.data[key]
        for key in ("report", "reachable", "accused", "origin", "again", "pictures")
        if key in c.data
    }
    if c.data.get("again"):
        kept["level"] = min(s.level + 1, MAX_LEVEL)
    return (Event("joined", kept),)


def _closed_at_desk(resolution: Resolution) -> Effect:
    def effect(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
        said = Event(resolution.value, {**c.data, "person": f.person})
        return (said, Event("closed", {"resolution": resolution}))

    return effect


def _sample_checked(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    right = bool(c.data.get("right"))
    checked = Event("sample_checked", {**c.data, "right": right})
    return (checked,) if right else (checked, Event("reopened", _fresh(s, f, Seat.SAMPLER)))


def _assigned(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    return (Event("assigned", {**c.data, "deadline": _iso(f.deadline)}),)


def _merged(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    merged = Event("merged", {**c.data, "before": s.status})
    return (merged, Event("closed", {"resolution": Resolution.MERGED}))


def _unmerged(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    """What was part of an assigned case counts as assigned: the desk alone cannot close it."""
    assigned = f.target is not None and f.target.was_assigned
    return (Event("unmerged", {**c.data, "assigned": assigned}),)


def _ruled(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    return (Event("ruled", {**c.data, "final": s.returns >= 2}),)


def _return_declined(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    return (Event("return_declined", {**c.data, "desk_unit": f.unit}),)


def _extension_decided(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    granted = bool(c.data.get("granted"))
    deadline = f.deadline if granted else None
    data = {**c.data, "granted": granted, "deadline": _iso(deadline)}
    return (Event("extension_decided", data),)


def _verified(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    verified = Event("verified", {**c.data, "passed": bool(c.data.get("passed"))})
    if not c.data.get("passed") or s.reporters:
        return (verified,)
    return (verified, *_close(s, Verdict.NOT_REACHABLE))


def _verdict_given(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    solved = bool(c.data.get("solved"))
    given = Event("verdict_given", {**c.data, "solved": solved})
    if not solved or s.awaiting > 1:
        return (given,)
    return (given, *_close(s, Verdict.SOLVED))


def _close(s: State, verdict: Verdict) -> tuple[Event, ...]:
    return (Event("closed", {"resolution": s.outcome, "verdict": verdict}),)


def _concluded(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    closed = Event("closed", {"resolution": Resolution.UNSOLVED, "verdict": Verdict.UNSOLVED})
    return (Event("concluded", dict(c.data)), closed)


def _escalated(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    return (Event("escalated", {**c.data, "level": s.level + 1}),)


def _fresh(s: State, f: Facts, by: Seat) -> dict[str, Any]:
    """A reopening starts a fresh clock; never assigned, it waits at the desk and has none yet."""
    return {"by": by, "deadline": _iso(f.deadline) if s.was_assigned else None}


def _reopened(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    order = (Seat.REPORTER, Seat.SYSTEM, Seat.DESK, Seat.INSPECTOR)
    by = next((seat for seat in order if seat in f.seats), Seat.SYSTEM)
    return (Event("reopened", {**c.data, **_fresh(s, f, by)}),)


def _ticked(s: State, c: Command, f: Facts) -> tuple[Event, ...]:
    """What the clock does by itself when a due time has passed."""
    if f.passed_due is Due.VERDICT:
        return (Event("lapsed", {"awaiting": s.awaiting}), *_close(s, Verdict.NO_ANSWER))
    if f.passed_due is Due.REVIEW:
        return (Event("resumed", {"by_clock": True}),)
    missed = Event("missed", {"due": f.passed_due, "level": min(s.level + 1, MAX_LEVEL)})
    if f.passed_due is Due.VERIFY and s.verifier is not None:
        return (missed, Event("redrawn", {"person": s.verifier}))
    if f.passed_due is Due.HANDLING and s.extension is Extension.ASKED:
        refused = {"granted": False, "deadline": None, "by_clock": True}
        return (Event("extension_decided", refused), missed)
    return (missed,)


def _seats(*seats: Seat) -> frozenset[Seat]:
    return frozenset(seats)


def _from(*statuses: Status | None) -> frozenset[Status | None]:
    return frozenset(statuses)


_OPEN: frozenset[Status | None] = frozenset(OPEN)

TABLE: Mapping[str, Row] = {
    "receive": Row(by=_seats(DOOR), frm=_from(None), to="new", effect=_received),
    "join": Row(
        by=_seats(DOOR),
        frm=_OPEN,
        to="same",
        effect=_joined,
        when=(g.not_a_child,),
    ),
    "import": Row(by=_seats(DESK), frm=_from(None), to="closed", effect=_imported),
    "classify": Row(
        by=_seats(DESK),
        frm=_from(NEW),
        to="new",
        effect=just("classified", "category", "urgency", "tier", "area", "subject", "summary"),
        given=(g.category_given,),
    ),
    "answer": Row(
        by=_seats(DESK),
        frm=_from(NEW),
        to="closed",
        effect=_closed_at_desk(Resolution.ANSWERED),
        when=(g.a_person_reported, g.never_assigned, g.not_sealed, g.another_desk_person),
        given=(g.has_reason,),
    ),
    "decline": Row(
        by=_seats(DESK),
        frm=_from(NEW),
        to="closed",
        effect=_closed_at_desk(Resolution.DECLINED),
        when=(g.a_person_reported, g.never_assigned, g.not_sealed, g.another_desk_person),
        given=(g.has_listed_reason, g.says_where_instead),
    ),
    "draw_sample": Row(
        by=_seats(SYSTEM),
        frm=_from(CLOSED),
        to="closed",
        effect=just("sample_drawn", "person", "seed", "pool", "percent"),
        when=(g.sample_possible,),
        given=(g.not_the_answerer,),
    ),
    "check_sample": Row(
        by=_seats(SAMPLER),
        frm=_from(CLOSED),
        to="closed or new",
        effect=_sample_checked,
        given=(g.wrong_has_reason,),
    ),
    "assign": Row(
        by=_seats(DESK, SYSTEM),
        frm=_from(NEW),
        to="assigned",
        effect=_assigned,
        when=(g.has_category, g.a_rule_assigns_only_findings),
        given=(g.has_owner, g.owner_not_accused, g.has_deadline),
    ),
    "spawn": Row(
        by=_seats(DESK),
        frm=_from(None),
        to="assigned",
        effect=_spawned,
        given=(
            g.names_parent,
            g.category_given,
            g.has_owner,
            g.owner_not_accused,
            g.has_deadline,
        ),
    ),
    "transfer": Row(
        by=_seats(DESK, INSPECTOR, LEADER),
        frm=_from(ASSIGNED, HANDLING),
        to="assigned",
        effect=just("transferred", "owner", "text"),
        when=(g.leader_after_final, g.leader_only_after_final),
        given=(g.has_owner, g.another_owner, g.owner_not_accused, g.has_reason),
    ),
    "merge": Row(
        by=_seats(DESK),
        frm=_from(NEW, ASSIGNED, HANDLING),
        to="closed",
        effect=_merged,
        when=(g.no_family, g.no_chain, g.another_desk_person),
        given=(
            g.target_takes_it,
            g.assigned_only_into_assigned,
            g.target_as_strict,
            g.target_older,
            g.target_without_family,
        ),
    ),
    "absorb": Row(
        by=_seats(SYSTEM),
        frm=_from(NEW, ASSIGNED, HANDLING),
        to="same",
        effect=just("absorbed", "case", "reports", "reporters", "deadline", "accused", "level"),
    ),
    "unmerge": Row(
        by=_seats(DESK),
        frm=_from(CLOSED),
        to="former status",
        effect=_unmerged,
        when=(g.is_merged, g.target_open),
    ),
    "release": Row(
        by=_seats(SYSTEM),
        frm=frozenset(_OPEN - {VERDICT}),
        to="same",
        effect=just("released", "case", "reports", "reporters"),
    ),
    "split": Row(
        by=_seats(DESK),
        frm=_from(ASSIGNED, HANDLING),
        to="same",
        effect=just("split", "children", "text"),
        when=(g.not_a_child,),
    ),
    "acknowledge": Row(
        by=_seats(OWNER),
        frm=_from(ASSIGNED),
        to="handling",
        effect=just("acknowledged", "person"),
        given=(g.person_of_the_unit,),
    ),
    "hand_over": Row(
        by=_seats(OWNER),
        frm=_from(HANDLING),
        to="handling",
        effect=just("handed_over", "person", "text"),
        given=(g.has_person, g.person_of_the_unit),
    ),
    "return": Row(
        by=_seats(OWNER),
        frm=_from(ASSIGNED, HANDLING),
        to="returned",
        effect=just("returned", "right_unit", "text"),
        when=(g.in_return_window, g.first_return_of_unit, g.not_final),
        given=(g.has_reason, g.names_right_unit),
    ),
    "rule": Row(
        by=_seats(DESK, NEUTRAL),
        frm=_from(RETURNED),
        to="assigned",
        effect=_ruled,
        when=(g.neutral_from_second_return,),
        given=(g.has_owner, g.owner_not_accused, g.has_reason),
    ),
    "decline_return": Row(
        by=_seats(DESK),
        frm=_from(RETURNED),
        to="claimed",
        effect=_return_declined,
        when=(g.no_open_child,),
        given=(g.has_reason, g.desk_unit_known),
    ),
    "inspect": Row(
        by=_seats(INSPECTOR),
        frm=frozenset(_OPEN - {CLAIMED, VERDICT}),
        to="same",
        effect=just("inspected", "text", "pictures"),
        given=(g.has_reason, g.evidence_holds),
    ),
    "contact": Row(
        by=_seats(OWNER, DESK),
        frm=_from(HANDLING),
        to="handling",
        effect=just("contacted", "how", "text"),
        when=(g.somebody_to_ask,),
        given=(g.has_means,),
    ),
    "deny": Row(
        by=_seats(REPORTER),
        frm=_from(HANDLING),
        to="handling",
        effect=just("contact_denied"),
        when=(g.was_contacted,),
    ),
    "ask": Row(
        by=_seats(OWNER, VERIFIER),
        frm=_from(HANDLING, CLAIMED),
        to="same",
        effect=just("asked", "text"),
        when=(g.somebody_to_ask, g.verifier_asks_about_a_claim),
        given=(g.has_reason,),
    ),
    "reply": Row(
        by=_seats(REPORTER),
        frm=_OPEN,
        to="same",
        effect=just("replied", "report", "text", "pictures"),
        given=(g.has_words_or_pictures,),
    ),
    "note": Row(
        by=_seats(OWNER),
        frm=_from(HANDLING),
        to="handling",
        effect=just("noted", "text", "pictures"),
        given=(g.has_words_or_pictures, g.evidence_holds),
    ),
    "ask_extension": Row(
        by=_seats(OWNER),
        frm=_from(HANDLING),
        to="handling",
        effect=just("extension_asked", "days", "text"),
        when=(g.before_deadline, g.no_extension_yet),
        given=(g.has_reason, g.has_days),
    ),
    "withdraw_extension": Row(
        by=_seats(OWNER),
        frm=_from(HANDLING),
        to="handling",
        effect=just("extension_withdrawn"),
        when=(g.extension_asked,),
    ),
    "decide_extension": Row(
        by=_seats(DESK),
        frm=_from(HANDLING),
        to="handling",
        effect=_extension_decided,
        when=(g.extension_asked, g.before_deadline),
        given=(g.refusal_has_reason, g.grant_has_deadline),
    ),
    "claim": Row(
        by=_seats(OWNER),
        frm=_from(HANDLING),
        to="claimed",
        effect=just("claimed", "outcome", "measures", "text", "pictures", "explanation"),
        when=(g.no_open_child, g.owner_not_accused),
        given=(
            g.outcome_known,
            g.a_notice_is_not_a_measure,
            g.has_reason,
            g.evidence_holds,
            g.doubt_explained,
        ),
    ),
    "withdraw_claim": Row(
        by=_seats(OWNER),
        frm=_from(CLAIMED),
        to="handling",
        effect=just("claim_withdrawn", "text"),
        when=(g.own_claim, g.not_begun),
    ),
    "draw": Row(
        by=_seats(SYSTEM),
        frm=_from(CLAIMED),
        to="claimed",
        effect=just("drawn", "person", "seed", "pool", "raised", "percent"),
        when=(g.no_verifier_yet,),
        given=(g.eligible,),
    ),
    "recuse": Row(
        by=_seats(VERIFIER),
        frm=_from(CLAIMED),
        to="claimed",
        effect=just("recused", "text"),
        given=(g.has_reason,),
    ),
    "open": Row(
        by=_seats(VERIFIER),
        frm=_from(CLAIMED),
        to="claimed",
        effect=just("opened"),
        when=(g.not_opened,),
    ),
    "verify": Row(
        by=_seats(VERIFIER),
        frm=_from(CLAIMED),
        to="verdict or closed; handling when it fails",
        effect=_verified,
        when=(g.was_opened,),
        given=(
            g.eligible_to_pass,
            g.own_evidence_on_site,
            g.fail_has_reason,
            g.evidence_holds,
            g.doubt_explained,
            g.reporter_heard,
            g.next_check_met,
        ),
    ),
    "verdict": Row(
        by=_seats(REPORTER),
        frm=_from(VERDICT),
        to="closed; handling when not solved",
        effect=_verdict_given,
        when=(g.first_word,),
        given=(g.says_whether_solved,),
    ),
    "conclude": Row(
        by=_seats(NEUTRAL),
        frm=_from(HANDLING),
        to="closed",
        effect=_concluded,
        when=(g.second_not_solved,),
        given=(g.has_reason,),
    ),
    "defer": Row(
        by=_seats(LEADER),
        frm=_from(HANDLING),
        to="deferred",
        effect=just("deferred", "review_at", "text"),
        when=(g.nothing_else_left,),
        given=(g.has_reason, g.has_review_date, g.review_not_too_far),
    ),
    "resume": Row(
        by=_seats(LEADER), frm=_from(DEFERRED), to="handling", effect=just("resumed", "text")
    ),
    "escalate": Row(
        by=_seats(LEADER),
        frm=_OPEN,
        to="same",
        effect=_escalated,
        when=(g.below_top_level,),
        given=(g.has_reason,),
    ),
    "lift_accusation": Row(
        by=_seats(INSPECTOR),
        frm=_OPEN,
        to="same",
        effect=just("accusation_lifted", "unit", "text"),
        given=(g.is_accused, g.has_reason),
    ),
    "reopen": Row(
        by=_seats(REPORTER, DESK, INSPECTOR, SYSTEM),
        frm=_from(CLOSED),
        to="new if never assigned, else handling",
        effect=_reopened,
        when=(g.not_merged, g.not_a_child, g.in_reopen_window),
        given=(g.has_cause, g.fresh_clock),
    ),
    "tick": Row(
        by=_seats(SYSTEM),
        frm=_OPEN,
        to="what is due",
        effect=_ticked,
        when=(g.something_due,),
    ),
}


def decide(
    state: State, command: Command, facts: Facts, *, table: Mapping[str, Row] = TABLE
) -> tuple[Event, ...]:
    """The events that a command causes. Raises Refused with a code when it may not happen."""
    row = _row(state, command.kind, facts, table)
    for guard in (*row.when, *row.given):
        if reason := guard(state, command, facts):
            raise Refused(reason)
    return row.effect(state, command, facts)


def possible(
    state: State, facts: Facts, *, table: Mapping[str, Row] = TABLE
) -> dict[str, str | None]:
    """Commands of the actor's seats in this status: None when open to him, else the reason."""
    found: dict[str, str | None] = {}
    for kind, row in table.items():
        if state.status in row.frm and row.by & facts.seats:
            reasons = (guard(state, Command(kind), facts) for guard in row.when)
            found[kind] = next((reason for reason in reasons if reason), None)
    return found


def _row(state: State, kind: str, facts: Facts, table: Mapping[str, Row]) -> Row:
    row = table.get(kind)
    if row is None:
        raise Refused("unknown_command", command=kind)
    if state.status not in row.frm:
        raise Refused("wrong_status", status=state.status)
    if not row.by & facts.seats:
        raise Refused("not_your_part", needs=sorted(row.by))
    return row

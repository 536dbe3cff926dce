"""Each open status has one due time and one who owes it.

`due_of` is asked after every command; what it answers is written into the event and becomes the
row's `next_at`. A missed due time escalates once and then reminds every two working days until
the highest level of supervision is reached; a claim longer, since it can be drawn anew.
Source: DESIGN.md section 5, "tick".
"""

from collections.abc import Iterator
from datetime import datetime

from luoshi.rules.deadlines import DANGER, Calendar, Term, Terms, deadline
from luoshi.rules.state import MAX_LEVEL, Due, Seat, State, Status

OWES = {
    Due.TRIAGE: Seat.DESK,
    Due.ACKNOWLEDGE: Seat.OWNER,
    Due.CONTACT: Seat.OWNER,
    Due.RULING: Seat.DESK,
    Due.HANDLING: Seat.OWNER,
    Due.VERIFY: Seat.VERIFIER,
    Due.VERDICT: Seat.REPORTER,
    Due.REVIEW: Seat.LEADER,
}

REMINDER = Term(working_days=2)


def due_of(state: State, terms: Terms, calendar: Calendar) -> tuple[Due, datetime] | None:
    """What the clock waits for next and until when; None when nothing more is due."""
    waits = sorted(_waits(state, terms, calendar), key=lambda wait: wait[1])
    for due, at in waits:
        if due not in state.missed:
            return due, at
    # At the highest level nobody is left to remind, but another verifier can always be drawn.
    at_top = state.level >= MAX_LEVEL and state.status is not Status.CLAIMED
    if not waits or state.missed_at is None or at_top:
        return None
    return waits[-1][0], deadline(calendar, state.missed_at, REMINDER).at


def _waits(s: State, terms: Terms, calendar: Calendar) -> Iterator[tuple[Due, datetime]]:
    def after(start: datetime | None, term: Term) -> datetime:
        if start is None:
            raise ValueError(f"a case that is {s.status} has no start for its term")
        return deadline(calendar, start, term).at

    if s.status is Status.NEW:
        danger = s.urgency == DANGER
        yield Due.TRIAGE, after(s.since, terms.triage_danger if danger else terms.triage)
    elif s.status is Status.ASSIGNED:
        yield Due.ACKNOWLEDGE, after(s.assigned_at, terms.acknowledgement)
    elif s.status is Status.HANDLING:
        if s.reporters and not s.contacted:
            yield Due.CONTACT, after(s.since, terms.contact)
        if s.deadline:
            yield Due.HANDLING, s.deadline
    elif s.status is Status.RETURNED:
        yield Due.RULING, after(s.since, terms.ruling)
    elif s.status is Status.CLAIMED:
        starts = [t for t in (s.claimed_at, s.drawn_at) if t]
        yield Due.VERIFY, after(max(starts, default=s.since), terms.verification)
    elif s.status is Status.VERDICT:
        yield Due.VERDICT, after(s.since, terms.verdict)
    elif s.status is Status.DEFERRED and s.review_at:
        yield Due.REVIEW, s.review_at

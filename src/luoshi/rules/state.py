"""What a case is: its state, the facts a decision needs, and the words both are made of.

Pure values. Times and people come in as arguments; nothing here reads a clock or a database.
Source: the workflow of DESIGN.md section 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Where a case stands. Each open status has one due time and one who owes it."""

    NEW = "new"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    RETURNED = "returned"
    CLAIMED = "claimed"
    VERDICT = "verdict"
    DEFERRED = "deferred"
    CLOSED = "closed"


OPEN = frozenset(Status) - {Status.CLOSED}


class Resolution(StrEnum):
    """How a closed case ended. `unverified` is an old record and counts in no rate."""

    FIXED = "fixed"
    ANSWERED = "answered"
    UNFOUNDED = "unfounded"
    DECLINED = "declined"
    MERGED = "merged"
    UNSOLVED = "unsolved"
    UNVERIFIED = "unverified"


class Origin(StrEnum):
    """Who brought the case: a person, the inspection team, an unmet expectation, an old ledger."""

    REPORT = "report"
    INSPECTION = "inspection"
    FINDING = "finding"
    LEDGER = "ledger"


class Seat(StrEnum):
    """The part in which somebody acts on one case; `permissions.seats` says who may take which."""

    DOOR = "door"
    DESK = "desk"
    OWNER = "owner"
    INSPECTOR = "inspector"
    LEADER = "leader"
    NEUTRAL = "neutral"  # a leader of no unit concerned
    VERIFIER = "verifier"  # the one who was drawn, nobody else
    SAMPLER = "sampler"  # the one drawn to check an answer or a refusal of the desk
    REPORTER = "reporter"
    SYSTEM = "system"


class Tier(StrEnum):
    """How a claim is verified: on the spot, or on the claim, its evidence and the reporter."""

    SITE = "site"
    PAPERS = "papers"


class Extension(StrEnum):
    NONE = "none"
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Verdict(StrEnum):
    """The reporter's last word, or why there is none. Silence is never satisfaction."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    NO_ANSWER = "no_answer"
    NOT_REACHABLE = "not_reachable"


class Sample(StrEnum):
    NONE = "none"
    DRAWN = "drawn"
    RIGHT = "right"


class Due(StrEnum):
    """What the clock waits for. `owes` in due.py says who owes it."""

    TRIAGE = "triage"
    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    RULING = "ruling"
    HANDLING = "handling"
    VERIFY = "verify"
    VERDICT = "verdict"
    REVIEW = "review"


NOTICE = "notice"
"""The measure that is none: a notice posted on a wall."""

MAX_LEVEL = 3
"""Levels of supervision: 1 unit head, 2 leader in charge, 3 the district's head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that the workflow knows of one case; the row of the case table holds exactly this.

    Units, people, cases and texts are given by id. Times are aware datetimes.
    """

    status: Status | None = None  # None: not yet received
    resolution: Resolution | None = None
    origin: Origin = Origin.REPORT
    sealed: bool = False  # confidential: the inspection team's own
    received_at: datetime | None = None
    category: str = ""
    urgency: str = "ordinary"
    tier: Tier = Tier.PAPERS
    raised: bool = False  # drawn into the random share that is verified on site
    area: int | None = None
    subject: int | None = None
    place_open: bool = False  # the place named by the reporter matches nothing yet
    summary: int | None = None  # text written by the desk for the public list
    accused: frozenset[int] = frozenset()  # units
    reports: int = 0
    reporters: int = 0  # of these, the ones who can be asked for a verdict
    awaiting: int = 0  # reporters whose verdict is still possible
    owner: int | None = None
    person: int | None = None
    was_assigned: bool = False
    handlers: frozenset[int] = frozenset()  # every unit that ever answered for the case
    assigned_at: datetime | None = None
    deadline: datetime | None = None
    original_deadline: datetime | None = None
    parent: int | None = None
    children: int = 0
    absorbed: int = 0  # cases merged into this one
    merged_into: int | None = None
    before_merge: Status | None = None
    returns: int = 0
    returned_by: frozenset[int] = frozenset()
    final: bool = False  # a second ruling fell: no more returns
    extension: Extension = Extension.NONE
    contacted: bool = False
    claims: int = 0
    claimed_at: datetime | None = None
    outcome: Resolution | None = None
    verifier: int | None = None
    opened: bool = False  # by the verifier who is drawn now
    begun: bool = False  # the claim that stands was opened, be it by an earlier verifier
    passed: bool = False  # the claim that stands was verified
    replied: bool = False  # a reporter answered while this claim stood
    not_solved: int = 0
    concludable: bool = False  # the second "not solved" is the last thing that happened to a claim
    verdict: Verdict | None = None
    review_at: datetime | None = None
    level: int = 0
    answered_by: int | None = None  # who answered or declined at the desk
    disputed: bool = False
    sample: Sample = Sample.NONE
    sampler: int | None = None
    reopened: int = 0
    closed_at: datetime | None = None
    since: datetime | None = None  # when the present status began
    drawn_at: datetime | None = None
    missed: frozenset[Due] = frozenset()  # due times already missed in the present status
    missed_at: datetime | None = None  # the last time: reminders count from here
    late_since: datetime | None = None  # when the first of what was missed was due
    due: Due | None = None
    next_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Command:
    """A wish: its kind names a row of the workflow table, data holds ids, codes and choices."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. Data is JSON without personal data and without anybody's free text."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision must know of the world beyond the case itself; time enters as booleans."""

    now: datetime
    seats: frozenset[Seat]
    person: int | None = None
    unit: int | None = None
    overdue: bool = False
    return_window: bool = True  # within one working day of the assignment
    reopen_window: bool = True  # within 30 days of closing
    open_children: bool = False
    deadline: datetime | None = None  # where the clock would end that this command starts
    target: State | None = None
    target_older: bool = True
    ineligible: str | None = None  # why the verifier in question may not verify
    evidence: str | None = None  # what is wrong with the evidence, e.g. "used_before"
    colleague: bool = True  # the person named handles cases in the owning unit
    voted: bool = False  # this reporter has given his verdict on this claim already
    own_evidence: bool = False  # the verifier brought pictures of his own
    passed_due: Due | None = None  # the due time that has passed, for tick
    doubt: str | None = None  # why a picture asks for an explanation, "look_alike_unexplained"
    next_check: str | None = None  # what the next check of a finding says; None: no finding
    latest_review: datetime | None = None  # how far ahead a review may be set


class Refused(Exception):
    """A command that the rules do not allow; `code` names the reason, texts are made above."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

"""The numbers of DESIGN.md section 6, over whole families of cases that were assigned once.

A family (parent, children, merged cases) is one history. Every figure keeps its n: a rate without
it can be gamed. Old records (`unverified`) and deferred cases never count as closed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

PUBLIC_N = 30
"""Below this many cases the public is shown no rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that was due: when it was done (None: not yet), and until when it was due."""

    due: datetime
    done: datetime | None

    def is_due(self, now: datetime) -> bool:
        return self.done is not None or self.due < now

    @property
    def in_time(self) -> bool:
        return self.done is not None and self.done <= self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What one family of cases went through, as far as figures need it."""

    received_at: datetime
    was_assigned: bool
    closed: bool  # by verification or as unsolved; never deferred, never unverified
    triage: Step | None = None
    acknowledge: Step | None = None
    contact: Step | None = None
    deadline: datetime | None = None
    original_deadline: datetime | None = None
    held_claim_at: datetime | None = None  # the claim that stands, verified
    held_verification_at: datetime | None = None
    reopened: int = 0
    repeated: bool = False  # the same was reported again, at the same place, soon after closing
    verified: Sequence[bool] = ()  # outcome of each verification, in order
    asked: bool = False  # a claim was verified, and somebody could be asked for his verdict
    verdicts: Sequence[bool] = ()  # of the reporters who answered: solved or not
    satisfied: Sequence[bool] = ()
    at_desk: bool = False  # answered or declined without being assigned
    disputed: bool = False
    sampled: Sequence[bool] = ()  # second checks of desk decisions: right or wrong


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `of`. Of figures that rest on answers: how many of the cases in which somebody
    was asked (`asked`) have an answer (`answered`)."""

    count: int
    of: int
    answered: int | None = None
    asked: int | None = None

    def percent(self, *, at_least: int = 1) -> int | None:
        """Whole percent, None when there are fewer than `at_least` cases behind it."""
        return round(100 * self.count / self.of) if self.of >= max(at_least, 1) else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile (nearest rank) of n durations; None without any."""

    n: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    cases: int
    triaged: Rate
    acknowledged: Rate
    responded: Rate
    on_time: Rate
    on_time_original: Rate
    solved: Rate
    first_pass: Rate
    satisfied: Rate
    first_time: Rate
    redone: Rate
    at_desk: Rate
    desk_disputed: Rate
    desk_wrong: Rate
    to_fix: Spread = field(default_factory=lambda: Spread(0, None, None))


def figures(histories: Iterable[History], *, now: datetime) -> Figures:
    """All figures at once over the histories of a period."""
    every = list(histories)
    assigned = [h for h in every if h.was_assigned]
    closed = [h for h in assigned if h.closed]
    due = [h for h in assigned if h.closed or (h.deadline and h.deadline < now)]
    desk = [h for h in every if h.at_desk]
    verdicts = [v for h in assigned for v in h.verdicts]
    pleased = [s for h in assigned for s in h.satisfied]
    asked = sum(h.asked for h in assigned)
    checks = [v for h in assigned for v in h.verified]
    firsts = [h.verified[0] for h in assigned if h.verified]
    sampled = [right for h in every for right in h.sampled]
    return Figures(
        cases=len(assigned),
        triaged=_steps((h.triage for h in every), now),
        acknowledged=_steps((h.acknowledge for h in assigned), now),
        responded=_steps((h.contact for h in assigned), now),
        on_time=Rate(sum(_on_time(h, h.deadline) for h in due), len(due)),
        on_time_original=Rate(sum(_on_time(h, h.original_deadline) for h in due), len(due)),
        solved=Rate(
            sum(verdicts),
            len(verdicts),
            answered=sum(bool(h.verdicts) for h in assigned),
            asked=asked,
        ),
        first_pass=Rate(sum(firsts), len(firsts)),
        satisfied=Rate(
            sum(pleased),
            len(pleased),
            answered=sum(bool(h.satisfied) for h in assigned),
            asked=asked,
        ),
        first_time=Rate(sum(not (h.reopened or h.repeated) for h in closed), len(closed)),
        redone=Rate(sum(not passed for passed in checks), len(checks)),
        at_desk=Rate(len(desk), len(every)),
        desk_disputed=Rate(sum(h.disputed for h in desk), len(desk)),
        desk_wrong=Rate(sum(not right for right in sampled), len(sampled)),
        to_fix=_spread(
            [
                h.held_verification_at - h.received_at
                for h in closed
                if h.held_verification_at is not None
            ]
        ),
    )


def _steps(steps: Iterable[Step | None], now: datetime) -> Rate:
    due = [step for step in steps if step is not None and step.is_due(now)]
    return Rate(sum(step.in_time for step in due), len(due))


def _on_time(history: History, deadline: datetime | None) -> bool:
    """The claim that held was in time; a reopening voids it."""
    claim = history.held_claim_at
    return bool(history.closed and claim and deadline and claim <= deadline) and (
        history.reopened == 0
    )


def _spread(durations: list[timedelta]) -> Spread:
    ordered = sorted(durations)
    if not ordered:
        return Spread(0, None, None)
    return Spread(len(ordered), _rank(ordered, 0.5), _rank(ordered, 0.9))


def _rank(ordered: list[timedelta], share: float) -> timedelta:
    return ordered[max(ceil(share * len(ordered)), 1) - 1]

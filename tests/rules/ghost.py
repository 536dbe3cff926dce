"""What happened to a case, remembered beside it in the words of the specification.

A `Ghost` is kept from commands and events alone, by code that shares nothing with the guards nor
with the flags that they read, so that a guard and its flag cannot be wrong together unnoticed.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from luoshi.rules.state import MAX_LEVEL, Command, Facts, Resolution, Seat, State

CHILD_CLOSES = "(a child closes)"


class Ghost(NamedTuple):
    """What happened to a case so far, as the specification would tell it."""

    born: str = ""  # report, team, ledger, child
    sealed: bool = False
    strict: bool = False  # in it is something that the desk alone may never close
    found: bool = False  # a check found it, or found it again
    assigned: bool = False  # it, or a case that it was part of, was once assigned
    reports: int = 0
    reachable: int = 0
    absorbed: tuple[int, ...] = ()  # for each case merged into it: how many reporters it brought
    kids: int = 0
    open_kids: int = 0
    claimed: str = ""  # the outcome that was claimed
    drawn: bool = False
    fit: bool = False  # the verifier was eligible when he was drawn
    opened: bool = False  # by the present verifier
    begun: bool = False  # opened by whomever since the claim
    passed: bool = False  # an independent verifier passed the claim that stands
    replied: bool = False  # a reporter answered since it was claimed
    voted: int = 0  # reporters who said "solved" of it
    unsolved: int = 0  # verdicts of "not solved", each after a pass, since the last reopening
    direct: bool = False  # the second of them is the last thing that happened
    extension: str = "none"
    contacted: bool = False
    accused: bool = False
    returners: frozenset[int] = frozenset()
    returns: int = 0
    final: bool = False
    said_by: int | None = None  # who answered or declined at the desk last
    disputed: bool = False
    sample: str = "none"
    merged_from: str = ""
    supervised: int = 0


class Move(NamedTuple):
    """A command that somebody may try, with the facts of the moment."""

    command: Command
    facts: Facts
    put: dict[str, Any] | None = None  # fields of the state that hold just now
    mind: dict[str, Any] | None = None  # the same in the words of the ghost
    brings: Ghost | None = None  # the case that is merged into this one


class Step(NamedTuple):
    """A move that was allowed, and all that it did."""

    before: State
    ghost: Ghost
    move: Move
    events: tuple[Any, ...]
    after: State
    then: Ghost

    def did(self, kind: str) -> bool:
        return any(event.kind == kind for event in self.events)


def remember(g: Ghost, s: State, move: Move, events: Iterable[Any]) -> Ghost:
    for event in events:
        g = _MEMORY.get(event.kind, _nothing)(g, s, move, event.data)
    return g


def _nothing(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    return g


def _born(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    given = m.command.data
    ordinary = given.get("origin", "report") == "report" and not given.get("sealed")
    child = m.command.kind == "spawn"
    return g._replace(
        born="child" if child else "report" if given.get("report") else "team",
        sealed=bool(given.get("sealed")),
        strict=not ordinary,
        found=given.get("origin") == "finding",
        reports=int(bool(given.get("report"))) if not child else 0,
        reachable=int(bool(given.get("reachable"))) if not child else 0,
        accused=bool(given.get("accused")),
    )


def _absorbed(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    source = m.brings or Ghost()
    return g._replace(
        strict=g.strict or source.strict,
        assigned=g.assigned or source.assigned,
        reports=g.reports + d["reports"],
        reachable=g.reachable + d["reporters"],
        absorbed=(*g.absorbed, d["reporters"]),
    )


def _released(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    return g._replace(
        reports=g.reports - d["reports"],
        reachable=g.reachable - d["reporters"],
        absorbed=g.absorbed[:-1],
    )


def _verified(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    if not d["passed"]:
        return g._replace(**_NO_CLAIM)
    independent = g.drawn and g.fit and g.opened and m.facts.ineligible is None
    return g._replace(passed=independent, voted=0)


def _verdict(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    if d["solved"]:
        return g._replace(voted=g.voted + (not m.facts.voted))
    unsolved = min(g.unsolved + g.passed, 2)
    return g._replace(**_NO_CLAIM)._replace(unsolved=unsolved, direct=unsolved == 2)


_NO_CLAIM: dict[str, Any] = {
    "claimed": "",
    "drawn": False,
    "fit": False,
    "opened": False,
    "begun": False,
    "passed": False,
    "replied": False,
    "voted": 0,
}


def _claimed(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    return g._replace(
        claimed=d.get("outcome", "declined"),
        opened=False,
        begun=False,
        passed=False,
        replied=False,
        direct=False,
    )


def _owned(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    dropped = "none" if g.extension == "asked" else g.extension
    return g._replace(assigned=True, direct=False, extension=dropped)


def _ruled(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    return _owned(g, s, m, d)._replace(final=g.final or g.returns >= 2)


def _returned(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    return g._replace(returns=g.returns + 1, returners=g.returners | {s.owner or 0})


def _reopened(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    by_desk = s.resolution in {Resolution.ANSWERED, Resolution.DECLINED} and not g.assigned
    doubted = by_desk and bool(m.facts.seats & {Seat.REPORTER, Seat.SAMPLER})
    return g._replace(**_NO_CLAIM)._replace(
        unsolved=0,
        direct=False,
        extension="none",
        contacted=False,
        sample="none",
        disputed=g.disputed or doubted,
    )


def _closed(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    return g._replace(extension="refused" if g.extension == "asked" else g.extension)


def _put(**changes: Any) -> Callable[..., Ghost]:
    return lambda g, s, m, d: g._replace(**changes)


_MEMORY: dict[str, Callable[[Ghost, State, Move, Mapping[str, Any]], Ghost]] = {
    "received": _born,
    "imported": _put(born="ledger", strict=True),
    "joined": lambda g, s, m, d: g._replace(
        strict=g.strict or d.get("origin") == "finding",
        found=g.found or d.get("origin") == "finding",
        reports=g.reports + bool(d.get("report")),
        reachable=g.reachable + bool(d.get("reachable")),
        accused=g.accused or bool(d.get("accused")),
        supervised=min(g.supervised + bool(d.get("again")), MAX_LEVEL),
    ),
    "answered": lambda g, s, m, d: g._replace(said_by=m.facts.person),
    "declined": lambda g, s, m, d: g._replace(said_by=m.facts.person),
    "sample_drawn": _put(sample="drawn"),
    "sample_checked": _put(sample="right"),
    "assigned": _owned,
    "transferred": _owned,
    "ruled": _ruled,
    "merged": lambda g, s, m, d: g._replace(merged_from=str(s.status)),
    "unmerged": lambda g, s, m, d: g._replace(
        merged_from="", assigned=g.assigned or bool(m.facts.target and m.facts.target.was_assigned)
    ),
    "absorbed": _absorbed,
    "released": _released,
    "split": lambda g, s, m, d: g._replace(kids=1, open_kids=1, direct=False),
    CHILD_CLOSES: _put(open_kids=0),
    "returned": _returned,
    "return_declined": _claimed,
    "claimed": _claimed,
    "claim_withdrawn": _put(claimed=""),
    "drawn": lambda g, s, m, d: g._replace(
        drawn=True, fit=m.facts.ineligible is None, opened=False
    ),
    "recused": _put(drawn=False, fit=False, opened=False),
    "redrawn": _put(drawn=False, fit=False, opened=False),
    "opened": _put(opened=True, begun=True),
    "replied": lambda g, s, m, d: g._replace(replied=g.replied or str(s.status) == "claimed"),
    "verified": _verified,
    "verdict_given": _verdict,
    "contacted": _put(contacted=True),
    "contact_denied": _put(contacted=False),
    "extension_asked": _put(extension="asked"),
    "extension_withdrawn": _put(extension="none"),
    "extension_decided": lambda g, s, m, d: g._replace(
        extension="granted" if d["granted"] else "refused"
    ),
    "accusation_lifted": _put(accused=False),
    "escalated": lambda g, s, m, d: g._replace(supervised=g.supervised + 1),
    "missed": lambda g, s, m, d: g._replace(supervised=min(g.supervised + 1, MAX_LEVEL)),
    "closed": _closed,
    "reopened": _reopened,
}

"""Every case that the table allows, breadth first, and beside each a memory of its own.

A `Ghost` remembers what happened to a case in the words of the specification. It is kept from the
events alone, by code that shares nothing with the guards nor with the flags that they read, so a
guard and its flag cannot be wrong together unnoticed.

How so many cases stay few:
- Facts about time are booleans; every other fact takes each value that matters to the command.
- Units are named by their part: 1 is the owner, 2 and 3 whoever returned it before, 4 anybody else.
- Texts, pictures, places and moments do not matter to a decision: one of each.
- Whatever can change at any moment of an open case and is read by few commands (level of
  supervision, accusations, contact, extension, due time) is not multiplied through all cases: it
  is put into the case as a `put` of those moves that read or change it, each value in turn.
- A case has at most `LIMIT` complications at once (a second reporter, a return, a merged case, a
  failed verdict...). A hole needs few of them; which ones is left to the enumeration.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from luoshi.rules.case import TABLE, Row, decide
from luoshi.rules.evolve import evolve
from luoshi.rules.state import (
    MAX_LEVEL,
    OPEN,
    Command,
    Due,
    Extension,
    Facts,
    Origin,
    Refused,
    Resolution,
    Seat,
    State,
    Status,
    Tier,
)

Table = Mapping[str, Row]

LIMIT = 2
NOW = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
EARLIER, DEADLINE, EXTENDED, FRESH = (NOW + timedelta(days=n) for n in (3, 7, 14, 21))
FIRST, SECOND = 101, 102  # two people of the desk
DRAWN, SAMPLER = 107, 108
DESK_UNIT = 50
ACCUSED = 90
CHILD_CLOSES = "(a child closes)"


class Ghost(NamedTuple):
    """What happened to a case so far, as the specification would tell it."""

    born: str = ""  # report, team, ledger, child
    sealed: bool = False
    strict: bool = False  # in it is something that the desk alone may never close
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


# ---- The memory ----


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
        reports=int(bool(given.get("report"))) if not child else 0,
        reachable=int(bool(given.get("reachable"))) if not child else 0,
        accused=bool(given.get("accused")),
    )


def _absorbed(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    source = m.brings or Ghost()
    return g._replace(
        strict=g.strict or source.strict,
        assigned=g.assigned or source.assigned,
        disputed=g.disputed,
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
    "voted": 0,
}


def _claimed(g: Ghost, s: State, m: Move, d: Mapping[str, Any]) -> Ghost:
    return g._replace(
        claimed=d.get("outcome", "declined"), opened=False, begun=False, passed=False, direct=False
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
        reports=g.reports + bool(d.get("report")),
        reachable=g.reachable + bool(d.get("reachable")),
        accused=g.accused or bool(d.get("accused")),
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


# ---- What may be tried ----


@cache
def _facts(seat: Seat, known: tuple[tuple[str, Any], ...]) -> Facts:
    person = {Seat.VERIFIER: DRAWN, Seat.SAMPLER: SAMPLER, Seat.DESK: SECOND}.get(seat)
    return Facts(**{"now": NOW, "seats": frozenset({seat}), "person": person, **dict(known)})


def _known(seat: Seat, **known: Any) -> Facts:
    return _facts(seat, tuple(sorted(known.items())))


def _each(kind: str, *tries: tuple[dict[str, Any], dict[str, Any]]) -> Callable[..., list[Move]]:
    """The same tries in every case."""

    @cache
    def moves_of(seat: Seat) -> list[Move]:
        return [Move(Command(kind, data), _known(seat, **known)) for data, known in tries]

    return lambda s, g, seat: moves_of(seat)


def _putting(kind: str, *tries: Any) -> Callable[..., list[Move]]:
    """Tries as (data, facts, fields put, ghost put)."""

    @cache
    def moves_of(seat: Seat) -> list[Move]:
        return [
            Move(Command(kind, data), _known(seat, **known), put, mind)
            for data, known, put, mind in tries
        ]

    return lambda s, g, seat: moves_of(seat)


_EXTENSIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    name: (
        {"extension": Extension(name), "deadline": EXTENDED if name == "granted" else DEADLINE},
        {"extension": name},
    )
    for name in ("asked", "granted", "refused")
}
ANY = (({}, {}), *_EXTENSIONS.values())
ASKED = _EXTENSIONS["asked"]
WORDS = {"text": 1}


def _receive(s: State, g: Ghost, seat: Seat) -> list[Move]:
    told = {"report": 1, "reachable": True}
    births: list[dict[str, Any]] = [
        told,
        {"report": 1, "reachable": False, "category": "x"},
        {"origin": "finding", "category": "x", "tier": "site", "accused": [ACCUSED]},
        {"origin": "inspection", "category": "x"},
        {**told, "sealed": True, "accused": [ACCUSED]},
    ]
    return [Move(Command("receive", data), _known(seat)) for data in births]


def _spawn(s: State, g: Ghost, seat: Seat) -> list[Move]:
    good = {"category": "x", "owner": 1, "parent": 5}
    told = {**good, "report": 1, "reachable": True}
    bad = [{**good, "category": ""}, {**good, "owner": None}, {**good, "parent": None}]
    clock = {"deadline": DEADLINE}
    tries = [(data, clock) for data in (good, told, *bad)] + [(good, {})]
    return [Move(Command("spawn", data), _known(seat, **known)) for data, known in tries]


def _join(s: State, g: Ghost, seat: Seat) -> list[Move]:
    data = [{"report": 2, "reachable": yes} for yes in (True, False)]
    blamed = {"report": 2, "reachable": False, "accused": [ACCUSED]}
    finding = {"origin": "finding"}
    return [Move(Command("join", one), _known(seat)) for one in (*data, blamed, finding)]


def _other_units(s: State, g: Ghost) -> list[int]:
    return [*sorted(g.returners - {s.owner}), 4]


def _transfer(s: State, g: Ghost, seat: Seat) -> list[Move]:
    found = [
        Move(Command("transfer", {"owner": unit, "text": 1}), _known(seat))
        for unit in _other_units(s, g)
    ]
    data = {"owner": 4, "text": 1}
    bad = [{**data, "owner": None}, {**data, "owner": s.owner}, {"owner": 4}]
    found += [Move(Command("transfer", one), _known(seat)) for one in bad]
    if s.status is Status.HANDLING:
        found.append(Move(Command("transfer", data), _known(seat), *ASKED))
    return found


BY_NOBODY = {"owner": None, "text": 1}


def _rule(s: State, g: Ghost, seat: Seat) -> list[Move]:
    units = [s.owner, *_other_units(s, g)]
    good = [Move(Command("rule", {"owner": unit, "text": 1}), _known(seat)) for unit in units]
    bad = [Move(Command("rule", data), _known(seat)) for data in ({"owner": 4}, BY_NOBODY)]
    return good + bad


def _split(s: State, g: Ghost, seat: Seat) -> list[Move]:
    return [Move(Command("split", {"children": [6]}), _known(seat))]


ASSIGNED_TARGET = State(
    status=Status.HANDLING, category="x", was_assigned=True, owner=9, deadline=DEADLINE
)
NEW_TARGET = State(status=Status.NEW)
TARGETS = (
    (ASSIGNED_TARGET, True),
    (NEW_TARGET, True),
    (ASSIGNED_TARGET, False),
    (State(status=Status.NEW, sealed=True), True),
    (State(status=Status.NEW, was_assigned=True), True),
    (State(status=Status.NEW, origin=Origin.INSPECTION), True),
    *((replace(ASSIGNED_TARGET, **family), True) for family in ({"parent": 5}, {"children": 1})),
    *(
        (replace(ASSIGNED_TARGET, status=status), True)
        for status in (Status.RETURNED, Status.CLAIMED, Status.VERDICT, Status.DEFERRED)
    ),
    (replace(ASSIGNED_TARGET, status=Status.CLOSED, resolution=Resolution.FIXED), True),
)


def _merge(s: State, g: Ghost, seat: Seat) -> list[Move]:
    command = Command("merge", {"target": 2})
    found = [
        Move(command, _known(seat, target=target, target_older=older)) for target, older in TARGETS
    ]
    if g.disputed:
        found += [
            Move(command, _known(seat, target=target, person=g.said_by))
            for target in (ASSIGNED_TARGET, NEW_TARGET)
        ]
    if s.status is Status.HANDLING:
        found.append(Move(command, _known(seat, target=ASSIGNED_TARGET), *ASKED))
    return found


def _sources() -> Iterator[tuple[State, Ghost, bool]]:
    """Younger cases that somebody may want to merge into this one."""
    new = State(status=Status.NEW, reports=1, reporters=1)
    told = Ghost(born="report", reports=1, reachable=1)
    yield new, told, True
    yield replace(new, reporters=0), told._replace(reachable=0), True
    team = State(status=Status.NEW, origin=Origin.FINDING)
    yield team, Ghost(born="team", strict=True), True
    yield replace(new, sealed=True), told._replace(strict=True), True
    assigned = replace(
        new,
        status=Status.HANDLING,
        was_assigned=True,
        owner=9,
        deadline=EARLIER,
        accused=frozenset({ACCUSED}),
    )
    yield assigned, told._replace(assigned=True, accused=True), True


SOURCES = tuple(_sources())


def _absorb(s: State, g: Ghost, seat: Seat, table: Table) -> list[Move]:
    """A merge is one transaction: this half happens when the table allows the other half."""
    found = []
    for source, theirs, older in SOURCES:
        wish = Command("merge", {"target": 2})
        known = _known(Seat.DESK, target=s, target_older=older)
        if _allowed(source, wish, known, table) is None:
            continue
        data = {
            "case": 7,
            "reports": source.reports,
            "reporters": source.reporters,
            "deadline": source.deadline.isoformat() if source.deadline else None,
            "accused": sorted(source.accused),
        }
        found.append(Move(Command("absorb", data), _known(seat), brings=theirs))
    return found


def _unmerge(s: State, g: Ghost, seat: Seat) -> list[Move]:
    targets = [ASSIGNED_TARGET, *(replace(ASSIGNED_TARGET, status=x) for x in OPEN - {Status.NEW})]
    targets.append(replace(ASSIGNED_TARGET, status=Status.CLOSED, resolution=Resolution.FIXED))
    if not g.assigned:
        targets.append(NEW_TARGET)
    return [Move(Command("unmerge"), _known(seat, target=target)) for target in targets]


def _release(s: State, g: Ghost, seat: Seat, table: Table) -> list[Move]:
    """The other half of unmerging, when the table allows the first half."""
    if not g.absorbed:
        return []
    source = State(status=Status.CLOSED, resolution=Resolution.MERGED, before_merge=Status.NEW)
    wish, known = Command("unmerge"), _known(Seat.DESK, target=s)
    if _allowed(source, wish, known, table) is None:
        return []
    data = {"case": 7, "reports": min(g.absorbed[-1], 1), "reporters": g.absorbed[-1]}
    return [Move(Command("release", data), _known(seat))]


def _verify(s: State, g: Ghost, seat: Seat) -> list[Move]:
    found = []
    for passed in (True, False):
        data = {"passed": passed, "text": 1}
        found += [
            Move(Command("verify", data), _known(seat, own_evidence=True, **known))
            for known in ({}, {"ineligible": "handled"}, {"evidence": "used_before"})
        ]
        found.append(Move(Command("verify", data), _known(seat)))
    failed = Command("verify", {"passed": False})
    return [*found, Move(failed, _known(seat, own_evidence=True))]


def _verdict(s: State, g: Ghost, seat: Seat) -> list[Move]:
    solved = [{"solved": True}, {"solved": False}]
    found = []
    if g.voted < g.reachable:
        found += [Move(Command("verdict", data), _known(seat)) for data in (*solved, {})]
    if g.voted:
        found += [Move(Command("verdict", data), _known(seat, voted=True)) for data in solved]
    return found


LEFT_OVER = (
    {
        "verifier": DRAWN,
        "raised": True,
        "opened": True,
        "begun": True,
        "passed": True,
        "outcome": Resolution.FIXED,
        "not_solved": 2,
        "concludable": True,
        "extension": Extension.REFUSED,
        "contacted": True,
    },
    {
        "claimed": "fixed",
        "drawn": True,
        "fit": True,
        "opened": True,
        "begun": True,
        "passed": True,
        "unsolved": 2,
        "direct": True,
        "extension": "refused",
        "contacted": True,
    },
)
"""What a closed case may still carry from its former life."""


def _reopen(s: State, g: Ghost, seat: Seat) -> list[Move]:
    again, clock = Command("reopen", {"text": 1}), {"deadline": FRESH}
    traces = [Move(again, _known(seat, **clock), *LEFT_OVER)] if s.was_assigned else []
    return [
        *traces,
        Move(again, _known(seat, **clock)),
        Move(again, _known(seat, reopen_window=False, **clock)),
        Move(Command("reopen"), _known(seat, **clock)),
        Move(again, _known(seat)),
    ]


WAITS = {
    Status.NEW: (Due.TRIAGE,),
    Status.ASSIGNED: (Due.ACKNOWLEDGE,),
    Status.HANDLING: (Due.HANDLING, Due.CONTACT),
    Status.RETURNED: (Due.RULING,),
    Status.CLAIMED: (Due.VERIFY,),
    Status.VERDICT: (Due.VERDICT,),
    Status.DEFERRED: (Due.REVIEW,),
}


@cache
def _ticks(status: Status, seat: Seat) -> list[Move]:
    found = []
    for due in WAITS[status]:
        states = ANY if due is Due.HANDLING else [({}, {})]
        found += [
            Move(Command("tick"), _known(seat, passed_due=due), {**put, "due": due}, mind)
            for put, mind in states
        ]
    return found + [Move(Command("tick"), _known(seat, passed_due=due)) for due in (*Due, None)]


def _tick(s: State, g: Ghost, seat: Seat) -> list[Move]:
    assert s.status is not None
    return _ticks(s.status, seat)


CLAIM = {"outcome": "answered", "measures": ["cleared"], "text": 1}
LIBRARY = {"reason": "elsewhere", "text": 1}
USED = {"evidence": "used_before"}

TRIES: dict[str, Callable[..., list[Move]]] = {
    "receive": _receive,
    "join": _join,
    "import": _each("import", ({"category": "x"}, {})),
    "classify": _each("classify", ({"category": "x"}, {}), ({"category": ""}, {})),
    "answer": _each("answer", *(({"text": 1}, {"person": p}) for p in (FIRST, SECOND)), ({}, {})),
    "decline": _each(
        "decline",
        *((LIBRARY, {"person": p}) for p in (FIRST, SECOND)),
        ({"text": 1}, {}),
        ({"reason": "elsewhere"}, {}),
    ),
    "draw_sample": _each("draw_sample", *(({"person": p}, {}) for p in (SAMPLER, FIRST, SECOND))),
    "check_sample": _each(
        "check_sample", ({"right": True}, {}), ({"right": False, "text": 1}, {}), ({}, {})
    ),
    "assign": _each(
        "assign",
        ({"owner": 1}, {"deadline": DEADLINE}),
        ({"owner": None}, {"deadline": DEADLINE}),
        ({"owner": 1}, {}),
    ),
    "spawn": _spawn,
    "transfer": _transfer,
    "merge": _merge,
    "unmerge": _unmerge,
    "split": _split,
    "acknowledge": _each("acknowledge", ({"person": 11}, {})),
    "hand_over": _each("hand_over", ({"person": 12}, {}), ({}, {})),
    "return": _each(
        "return",
        ({"text": 1, "right_unit": 4}, {}),
        ({"text": 1, "right_unit": 4}, {"return_window": False}),
        ({"right_unit": 4}, {}),
        ({"text": 1}, {}),
    ),
    "rule": _rule,
    "decline_return": _each(
        "decline_return",
        *(({"text": 1}, {"unit": DESK_UNIT, "open_children": kids}) for kids in (True, False)),
        ({}, {"unit": DESK_UNIT}),
        ({"text": 1}, {}),
    ),
    "inspect": _each("inspect", (WORDS, {}), ({}, {}), (WORDS, USED)),
    "contact": _each("contact", ({"how": "call"}, {}), ({}, {})),
    "deny": _putting(
        "deny",
        ({}, {}, {"contacted": True}, {"contacted": True}),
        ({}, {}, {}, {}),
    ),
    "ask": _each("ask", (WORDS, {}), ({}, {})),
    "reply": _each("reply", (WORDS, {}), ({}, {})),
    "note": _each("note", (WORDS, {}), ({}, {}), (WORDS, USED)),
    "ask_extension": _putting(
        "ask_extension",
        *(
            ({"days": 3, "text": 1}, {"overdue": late}, put, mind)
            for late in (False, True)
            for put, mind in ANY
        ),
        ({"text": 1}, {}, {}, {}),
        ({"days": 3}, {}, {}, {}),
    ),
    "withdraw_extension": _putting(
        "withdraw_extension", *(({}, {}, put, mind) for put, mind in ANY)
    ),
    "decide_extension": _putting(
        "decide_extension",
        *(
            (data, {"overdue": late, "deadline": EXTENDED}, put, mind)
            for data in ({"granted": True}, {"granted": False, "text": 1})
            for late in (False, True)
            for put, mind in ANY
        ),
        *(({"granted": False}, {}, put, mind) for put, mind in (ASKED,)),
        *(({"granted": True}, {}, put, mind) for put, mind in (ASKED,)),
    ),
    "claim": _each(
        "claim",
        *((CLAIM, {"open_children": kids}) for kids in (True, False)),
        *(({**CLAIM, "outcome": other}, {}) for other in ("fixed", "unfounded")),
        *(({**CLAIM, "outcome": other}, {}) for other in ("declined", "unsolved", None)),
        ({**CLAIM, "measures": []}, {}),
        ({**CLAIM, "measures": ["notice"]}, {}),
        ({**CLAIM, "measures": ["notice", "cleared"]}, {}),
        ({**CLAIM, "text": None}, {}),
        (CLAIM, USED),
    ),
    "withdraw_claim": _each("withdraw_claim", ({}, {})),
    "draw": _each(
        "draw",
        ({"person": DRAWN}, {}),
        ({"person": DRAWN, "raised": True}, {}),
        ({"person": DRAWN}, {"ineligible": "handled"}),
    ),
    "recuse": _each("recuse", (WORDS, {}), ({}, {})),
    "open": _each("open", ({}, {})),
    "verify": _verify,
    "verdict": _verdict,
    "conclude": _each(
        "conclude", *((WORDS, {"open_children": kids}) for kids in (True, False)), ({}, {})
    ),
    "defer": _putting(
        "defer",
        *(
            ({"text": 1, "review_at": NOW.isoformat()}, {"overdue": late}, put, mind)
            for late in (False, True)
            for put, mind in ANY
        ),
        ({"review_at": NOW.isoformat()}, {"overdue": True}, {}, {}),
        ({"text": 1, "review_at": None}, {"overdue": True}, {}, {}),
    ),
    "resume": _each("resume", ({}, {})),
    "escalate": _putting(
        "escalate",
        (WORDS, {}, {}, {}),
        (WORDS, {}, {"level": MAX_LEVEL}, {"supervised": MAX_LEVEL}),
        ({}, {}, {}, {}),
    ),
    "lift_accusation": _putting(
        "lift_accusation",
        *(
            ({"unit": ACCUSED, "text": 1}, {}, {"accused": frozenset(who)}, {"accused": bool(who)})
            for who in ((ACCUSED,), ())
        ),
        ({"unit": ACCUSED}, {}, {"accused": frozenset({ACCUSED})}, {"accused": True}),
    ),
    "reopen": _reopen,
    "tick": _tick,
}
PAIRED = {"absorb": _absorb, "release": _release}


def seats_for(row: Row, s: State, g: Ghost) -> Iterator[Seat]:
    """The seats of a row that anybody can hold on this case just now (permissions.seats)."""
    for seat in row.by:
        if seat is Seat.VERIFIER and s.verifier is None:
            continue
        if seat is Seat.SAMPLER and s.sampler is None:
            continue
        if seat is Seat.REPORTER and not g.reports:
            continue
        yield seat


def moves(s: State, g: Ghost, kind: str, table: Table) -> Iterator[Move]:
    """Every way to try one command on one case."""
    if weight(g, s) >= LIMIT and (kind in {"absorb", "split"} or (kind == "join" and g.reports)):
        return
    row = table[kind]
    for seat in seats_for(row, s, g):
        found = PAIRED[kind](s, g, seat, table) if kind in PAIRED else TRIES[kind](s, g, seat)
        for move in found:
            if move.facts.open_children and not g.open_kids:
                continue
            if g.open_kids and kind in {"claim", "conclude", "decline_return"}:
                move = move._replace(facts=replace(move.facts, open_children=True))
            yield move


def _allowed(s: State, command: Command, facts: Facts, table: Table) -> tuple[Any, ...] | None:
    try:
        return decide(s, command, facts, table=table)
    except Refused:
        return None


# ---- One step, and what does not matter afterwards ----


def steps(s: State, g: Ghost, kinds: Iterable[str], table: Table) -> Iterator[Step]:
    """Everything that may happen to this case next."""
    put: dict[int, State] = {}
    for kind in kinds:
        if s.status not in table[kind].frm:
            continue
        for move in moves(s, g, kind, table):
            before = s
            if move.put:
                before = put.get(id(move.put)) or replace(s, **move.put)
                put[id(move.put)] = before
            events = _allowed(before, move.command, move.facts, table)
            if events is None:
                continue
            ghost = g._replace(**move.mind) if move.mind else g
            after = before
            for event in events:
                after = evolve(after, event, NOW)
            yield Step(before, ghost, move, events, after, remember(ghost, before, move, events))


_PLAIN: dict[str, Any] = {
    "summary": None,
    "accused": frozenset(),
    "person": None,
    "handlers": frozenset(),
    "extension": Extension.NONE,
    "contacted": False,
    "claims": 0,
    "claimed_at": None,
    "drawn_at": None,
    "verdict": None,
    "level": 0,
    "reopened": 0,
    "missed": frozenset(),
    "missed_at": None,
    "due": None,
    "next_at": None,
    "urgency": "ordinary",
}
_PLAIN_GHOST: dict[str, Any] = {
    "extension": "none",
    "contacted": False,
    "accused": False,
    "supervised": 0,
}
_ENDED: dict[str, Any] = {
    "not_solved": 0,
    "concludable": False,
    "verifier": None,
    "opened": False,
    "raised": False,
    "passed": False,
    "outcome": None,
    "begun": False,
}


_REST = attrgetter(*(f.name for f in fields(State) if f.name not in _PLAIN))


def plain(s: State, g: Ghost, seen: dict[Any, tuple[State, Ghost]]) -> tuple[State, Ghost]:
    """The same case without what no later command can tell apart."""
    key = (_REST(s), g)
    found = seen.get(key)
    if found is None:
        found = seen[key] = _plain(s, g)
    return found


def _plain(s: State, g: Ghost) -> tuple[State, Ghost]:
    changes = {
        **_PLAIN,
        "children": min(s.children, 1),
        "not_solved": min(s.not_solved, 2),
    }
    mind = dict(_PLAIN_GHOST)
    if s.sampler:
        changes["sampler"] = SAMPLER
    if s.was_assigned and s.status is not Status.NEW:
        # Only a never assigned case goes back to the desk: who brought it and who answered it
        # once are past.
        changes |= {"origin": Origin.REPORT, "answered_by": None, "disputed": False}
        changes |= {"deadline": DEADLINE, "original_deadline": DEADLINE} if s.deadline else {}
        mind |= {"born": "child" if g.born == "child" else "", "said_by": None, "disputed": False}
        mind |= {"strict": g.sealed}
    if s.status is Status.CLOSED and s.resolution is not Resolution.MERGED:
        changes |= _ENDED
        mind |= {
            "unsolved": 0,
            "direct": False,
            "claimed": "",
            "drawn": False,
            "fit": False,
            "opened": False,
            "begun": False,
            "passed": False,
            "voted": 0,
        }
        if s.was_assigned:
            changes["resolution"] = Resolution.ANSWERED
    elif s.outcome in {Resolution.FIXED, Resolution.UNFOUNDED}:
        changes["outcome"] = Resolution.ANSWERED
        mind["claimed"] = "answered"
    if s.owner is not None:
        name = _names(s.owner, s.returned_by | g.returners)
        changes |= {"owner": 1, "returned_by": frozenset(name[u] for u in s.returned_by)}
        changes["handlers"] = frozenset({1})
        mind["returners"] = frozenset(name[u] for u in g.returners)
    return replace(s, **changes), g._replace(**mind)


def _names(owner: int, returners: frozenset[int]) -> dict[int, int]:
    others = sorted(returners - {owner})
    return {owner: 1, **{unit: n for n, unit in enumerate(others, 2)}}


_WITH_OWNER = {Status.ASSIGNED, Status.HANDLING, Status.RETURNED, Status.DEFERRED}


def weight(g: Ghost, s: State) -> int:
    """How many complications a case has."""
    return (
        (g.reports > 1)
        + max(g.reports - 2, 0) * LIMIT
        + len(g.absorbed)
        + g.kids
        + (g.returns > 0)
        + (g.unsolved > 0)
        + (g.drawn and s.status in _WITH_OWNER)
        + (s.raised or s.tier is Tier.SITE)
        + s.sealed
        + bool(g.merged_from)
    )


# ---- All of them ----


@dataclass(slots=True)
class Found:
    """Every case reached, in the order of discovery, and how."""

    cases: dict[tuple[State, Ghost], int] = field(default_factory=dict)
    came_from: list[tuple[int, str]] = field(default_factory=list)
    leads_to: list[set[tuple[int, str]]] = field(default_factory=list)
    transitions: int = 0
    seen: dict[Any, tuple[State, Ghost]] = field(default_factory=dict)

    def story(self, number: int) -> list[str]:
        """The commands that lead to a case."""
        told: list[str] = []
        while number > 0:
            number, kind = self.came_from[number]
            told.append(kind)
        return told[::-1]


START = (State(), Ghost())
"""Before anything was received."""


def explore(*, table: Table = TABLE, check: Callable[[Step], None]) -> Found:
    """Every case that the table allows; `check` sees every step and may raise."""
    found = Found(cases={START: 0}, came_from=[(0, "")], leads_to=[set()])
    _extend(found, deque([START]), table, check)
    return found


def explore_more(
    known: Found, *, table: Table, changed: str, check: Callable[[Step], None]
) -> None:
    """What a table that allows more in one row adds to the cases known of the intact table.

    The other rows were tried in all known cases already, so only the changed row is tried there.
    """
    found = Found(dict(known.cases), list(known.came_from), [])
    fresh: deque[tuple[State, Ghost]] = deque()
    for case, number in known.cases.items():
        _try(found, case, number, fresh, (changed, *_partners(changed)), table, check)
    _extend(found, fresh, table, check)


def _partners(changed: str) -> tuple[str, ...]:
    return {"merge": ("absorb",), "unmerge": ("release",)}.get(changed, ())


def _extend(
    found: Found,
    queue: deque[tuple[State, Ghost]],
    table: Table,
    check: Callable[[Step], None],
) -> None:
    kinds = tuple(table)
    while queue:
        case = queue.popleft()
        _try(found, case, found.cases[case], queue, kinds, table, check)


def _try(
    found: Found,
    case: tuple[State, Ghost],
    number: int,
    queue: deque[tuple[State, Ghost]],
    kinds: Iterable[str],
    table: Table,
    check: Callable[[Step], None],
) -> None:
    for step in steps(*case, kinds, table):
        found.transitions += 1
        check(step)
        if step.after is step.before or weight(step.then, step.after) > LIMIT:
            continue
        _note(
            found, number, step.move.command.kind, plain(step.after, step.then, found.seen), queue
        )
    state, ghost = case
    if ghost.open_kids:
        _note(found, number, CHILD_CLOSES, (state, ghost._replace(open_kids=0)), queue)


def _note(
    found: Found,
    number: int,
    kind: str,
    case: tuple[State, Ghost],
    queue: deque[tuple[State, Ghost]],
) -> None:
    there = found.cases.get(case)
    if there is None:
        there = found.cases[case] = len(found.cases)
        found.came_from.append((number, kind))
        found.leads_to.append(set())
        queue.append(case)
    if number < len(found.leads_to):
        found.leads_to[number].add((there, kind))

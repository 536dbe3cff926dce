"""What people may try with a case: every command, well given and with each single thing wrong.

Facts about time are booleans; every other fact takes each value that matters to the command.
Units are named by their part: 1 is the owner, 2 and 3 whoever returned the case before, 4 anybody
else. Texts, pictures, places and moments do not matter to a decision: one of each.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from luoshi.rules.case import Row, decide
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
)
from tests.rules.ghost import Ghost, Move

Table = Mapping[str, Row]

NOW = datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
LATER = datetime(2026, 6, 20, 1, 30, tzinfo=UTC)
EARLIER, DEADLINE, EXTENDED, FRESH = (NOW + timedelta(days=n) for n in (3, 7, 14, 21))
FIRST, SECOND = 101, 102  # two people of the desk
DRAWN, SAMPLER = 107, 108
DESK_UNIT = 50
ACCUSED = 90


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
    blamed = {**good, "accused": [1]}
    tries.append((blamed, clock))
    return [Move(Command("spawn", data), _known(seat, **known)) for data, known in tries]


def _join(s: State, g: Ghost, seat: Seat) -> list[Move]:
    data = [{"report": 2, "reachable": yes} for yes in (True, False)]
    blamed = {"report": 2, "reachable": False, "accused": [ACCUSED]}
    found = [{"origin": "finding", "again": again} for again in (True, False)]
    return [Move(Command("join", one), _known(seat)) for one in (*data, blamed, *found)]


def _other_units(s: State, g: Ghost) -> list[int]:
    return [*sorted(g.returners - {s.owner}), 4]


@cache
def _blamed(unit: int) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"accused": frozenset({unit})}, {"accused": True}


def _transfer(s: State, g: Ghost, seat: Seat) -> list[Move]:
    found = [
        Move(Command("transfer", {"owner": unit, "text": 1}), _known(seat))
        for unit in _other_units(s, g)
    ]
    data = {"owner": 4, "text": 1}
    bad = [{**data, "owner": None}, {**data, "owner": s.owner}, {"owner": 4}]
    found += [Move(Command("transfer", one), _known(seat)) for one in bad]
    found.append(Move(Command("transfer", data), _known(seat), *_blamed(4)))
    if s.status is Status.HANDLING:
        found.append(Move(Command("transfer", data), _known(seat), *ASKED))
    return found


BY_NOBODY = {"owner": None, "text": 1}


def _rule(s: State, g: Ghost, seat: Seat) -> list[Move]:
    units = [s.owner, *_other_units(s, g)]
    good = [Move(Command("rule", {"owner": unit, "text": 1}), _known(seat)) for unit in units]
    bad = [Move(Command("rule", data), _known(seat)) for data in ({"owner": 4}, BY_NOBODY)]
    good.append(Move(Command("rule", {"owner": 4, "text": 1}), _known(seat), *_blamed(4)))
    return good + bad


def _assign(s: State, g: Ghost, seat: Seat) -> list[Move]:
    clock = {"deadline": DEADLINE}
    to_one, to_nobody = Command("assign", {"owner": 1}), Command("assign", {"owner": None})
    return [
        Move(to_one, _known(seat, **clock)),
        Move(to_nobody, _known(seat, **clock)),
        Move(to_one, _known(seat)),
        Move(to_one, _known(seat, **clock), *_blamed(1)),
    ]


def _ask(s: State, g: Ghost, seat: Seat) -> list[Move]:
    return [Move(Command("ask", data), _known(seat)) for data in (WORDS, {})]


def _claim(s: State, g: Ghost, seat: Seat) -> list[Move]:
    found = list(_CLAIMS(s, g, seat))
    found.append(Move(Command("claim", CLAIM), _known(seat), *_blamed(s.owner or 1)))
    return found


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
        level=2,
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
        if allowed(source, wish, known, table) is None:
            continue
        data = {
            "case": 7,
            "reports": source.reports,
            "reporters": source.reporters,
            "deadline": source.deadline.isoformat() if source.deadline else None,
            "accused": sorted(source.accused),
            "level": source.level,
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
    if allowed(source, wish, known, table) is None:
        return []
    data = {"case": 7, "reports": min(g.absorbed[-1], 1), "reporters": g.absorbed[-1]}
    return [Move(Command("release", data), _known(seat))]


def _verify(s: State, g: Ghost, seat: Seat) -> list[Move]:
    found = []
    for passed in (True, False):
        data = {"passed": passed, "text": 1, "heard": "call"}
        found += [
            Move(Command("verify", data), _known(seat, own_evidence=True, **known))
            for known in VERIFYING
        ]
        found.append(Move(Command("verify", data), _known(seat)))
        told = {**data, "explanation": 1}
        found.append(Move(Command("verify", told), _known(seat, own_evidence=True, **ALIKE)))
    unheard = [{"passed": True, "text": 1, "heard": how} for how in ("reply", "")]
    tries = [{"passed": False}, *unheard]
    return [*found, *(Move(Command("verify", x), _known(seat, own_evidence=True)) for x in tries)]


ALIKE = {"doubt": "look_alike_unexplained"}
VERIFYING: tuple[dict[str, Any], ...] = (
    {},
    {"ineligible": "handled"},
    {"evidence": "used_before"},
    ALIKE,
    *({"next_check": said} for said in ("met", "na", "unmet", "unknown", "missing")),
)


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

_CLAIMS = _each(
    "claim",
    *((CLAIM, {"open_children": kids}) for kids in (True, False)),
    *(({**CLAIM, "outcome": other}, {}) for other in ("fixed", "unfounded")),
    *(({**CLAIM, "outcome": other}, {}) for other in ("declined", "unsolved", None)),
    ({**CLAIM, "measures": []}, {}),
    ({**CLAIM, "measures": ["notice"]}, {}),
    ({**CLAIM, "measures": ["notice", "cleared"]}, {}),
    ({**CLAIM, "text": None}, {}),
    (CLAIM, USED),
    (CLAIM, ALIKE),
    ({**CLAIM, "explanation": 1}, ALIKE),
)

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
    "assign": _assign,
    "spawn": _spawn,
    "transfer": _transfer,
    "merge": _merge,
    "unmerge": _unmerge,
    "split": _split,
    "acknowledge": _each(
        "acknowledge", ({"person": 11}, {}), ({"person": 99}, {"colleague": False})
    ),
    "hand_over": _each(
        "hand_over", ({"person": 12}, {}), ({}, {}), ({"person": 99}, {"colleague": False})
    ),
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
    "ask": _ask,
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
    "claim": _claim,
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
            ({"text": 1, "review_at": LATER.isoformat()}, {"overdue": late}, put, mind)
            for late in (False, True)
            for put, mind in ANY
        ),
        ({"review_at": LATER.isoformat()}, {"overdue": True}, {}, {}),
        ({"text": 1, "review_at": NOW.isoformat()}, {"overdue": True}, {}, {}),
        ({"text": 1, "review_at": None}, {"overdue": True}, {}, {}),
        *(
            (
                {"text": 1, "review_at": LATER.isoformat()},
                {"overdue": True, "latest_review": to},
                {},
                {},
            )
            for to in (LATER, LATER - timedelta(days=1))
        ),
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


@cache
def _with_open_child(facts: Facts) -> Facts:
    return replace(facts, open_children=True)


def moves(s: State, g: Ghost, kind: str, table: Table) -> Iterator[Move]:
    """Every way to try one command on one case."""
    row = table[kind]
    for seat in seats_for(row, s, g):
        found = PAIRED[kind](s, g, seat, table) if kind in PAIRED else TRIES[kind](s, g, seat)
        for move in found:
            if move.facts.open_children and not g.open_kids:
                continue
            if g.open_kids and kind in {"claim", "conclude", "decline_return"}:
                move = move._replace(facts=_with_open_child(move.facts))
            yield move


def allowed(s: State, command: Command, facts: Facts, table: Table) -> tuple[Any, ...] | None:
    try:
        return decide(s, command, facts, table=table)
    except Refused:
        return None

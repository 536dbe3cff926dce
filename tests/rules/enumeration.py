"""Every case that the table allows, breadth first, and beside each what happened to it (ghost.py).

How so many cases stay few:
- `plain` forgets what no later command can tell apart.
- Whatever can change at any moment of an open case and is read by few commands (level of
  supervision, accusations, contact, extension, due time) is not multiplied through all cases: it
  is put into the case by those moves that read or change it, each value in turn (`Move.put`).
- A case has at most `LIMIT` complications at once (a second reporter, a return, a merged case, a
  failed verdict...). A hole needs few of them; which ones is left to the enumeration. With 3 it
  is some 26,000 cases, and nothing more is found there.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any
from unittest.mock import patch

from luoshi.rules import evolve as folding
from luoshi.rules.case import TABLE
from luoshi.rules.evolve import evolve
from luoshi.rules.state import Extension, Origin, Resolution, State, Status, Tier
from tests.rules.ghost import CHILD_CLOSES, Ghost, Step, remember
from tests.rules.tries import DEADLINE, NOW, SAMPLER, Table, allowed, moves

LIMIT = 2

_VALUES = attrgetter(*(f.name for f in fields(State)))
_WRITE = {f.name: getattr(State, f.name).__set__ for f in fields(State)}
_WRITERS = tuple(_WRITE.values())


def quick(case: State, /, **changes: Any) -> State:
    """What dataclasses.replace does, three times as quick: half of all work is copying cases."""
    copy: State = object.__new__(State)
    for write, value in zip(_WRITERS, _VALUES(case), strict=True):
        write(copy, value)
    for name, value in changes.items():
        _WRITE[name](copy, value)
    return copy


# ---- One step, and what does not matter afterwards ----


def steps(s: State, g: Ghost, kinds: Iterable[str], table: Table) -> Iterator[Step]:
    """Everything that may happen to this case next."""
    put: dict[int, State] = {}
    for kind in kinds:
        if s.status not in table[kind].frm or _too_much(s, g, kind):
            continue
        for move in moves(s, g, kind, table):
            before = s
            if move.put:
                before = put.get(id(move.put)) or quick(s, **move.put)
                put[id(move.put)] = before
            events = allowed(before, move.command, move.facts, table)
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
    "late_since": None,
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
    "replied": False,
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
        mind |= {"found": False}
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
            "replied": False,
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
    return quick(s, **changes), g._replace(**mind)


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


def _too_much(s: State, g: Ghost, kind: str) -> bool:
    """Whether the command would only add a complication that is not followed up."""
    more = kind in {"absorb", "split"} or (kind == "join" and g.reports)
    return bool(more) and weight(g, s) >= LIMIT


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
    with patch.object(folding, "replace", quick):
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
    with patch.object(folding, "replace", quick):
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

"""What a sender must know to tell a unit or a person of a case that became theirs, came back to
them, was put under supervision, or is theirs no longer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.cases.models import Case, CaseEvent
from luoshi.cases.rows import to_state
from luoshi.rules.evolve import evolve, fold
from luoshi.rules.state import Event, State

GIVEN = frozenset({"assigned", "transferred", "ruled", "acknowledged", "handed_over"})
BACK = frozenset({"verified", "verdict_given", "reopened", "resumed", "unmerged"})
PRESSED = frozenset({"escalated", "missed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Nothing that a reporter wrote, and nothing of who he is."""

    kind: str
    data: Mapping[str, Any]  # of the event: ids and codes
    by: int | None  # the person who did it
    district: int
    case: int
    number: str
    before: State
    after: State  # with the event
    state: State  # of the case now: it may have gone on before anybody could be told
    target: str  # the number of the case into which it was merged

    @property
    def stands(self) -> bool:
        """Whether its owner, or the person it was handed to, still has to know."""
        then, now = self.after, self.state
        if now.closed_at or then.owner is None or then.owner != now.owner:
            return False
        if then.owner in now.accused:  # it may not act on it, and is told nothing
            return False
        if self.kind in GIVEN:
            return then.person == now.person
        if self.kind in BACK:
            return (then.status, then.since) == (now.status, now.since)
        return self.kind in PRESSED

    @property
    def left(self) -> int | None:
        """The unit that has nothing more to do about it."""
        unit = self.before.owner
        if self.kind == "merged":
            return unit if self.state.merged_into == self.data["target"] else None
        if self.kind not in {"transferred", "ruled"}:
            return None
        return None if unit in {self.after.owner, self.state.owner} else unit


def handed(event: int) -> Handed | None:
    """None when there is no such event; three queries at most."""
    row = CaseEvent.objects.select_related("case").filter(pk=event).first()
    if row is None:
        return None
    earlier = CaseEvent.objects.filter(case=row.case_id, seq__lt=row.seq).order_by("seq")
    before = fold(
        (Event(kind, data), at) for kind, data, at in earlier.values_list("kind", "data", "at")
    )
    return Handed(
        kind=row.kind,
        data=row.data,
        by=row.person,
        district=row.district_id,
        case=row.case_id,
        number=row.case.number,
        before=before,
        after=evolve(before, Event(row.kind, row.data), row.at),
        state=to_state(row.case),
        target=_number(row.data["target"]) if row.kind == "merged" else "",
    )


def _number(case: int) -> str:
    return Case.objects.filter(pk=case).values_list("number", flat=True).first() or ""

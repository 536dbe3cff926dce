"""What a sender must know to tell a unit or a person of a case that became theirs."""

from dataclasses import dataclass

from luoshi.cases.models import CaseEvent
from luoshi.cases.rows import to_state
from luoshi.rules.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Nothing that a reporter wrote, and nothing of who he is. `state` is that of the case now."""

    kind: str
    by: int | None  # the person who did it
    owner: int | None  # whose the case became by it
    person: int | None
    district: int
    case: int
    number: str
    state: State

    @property
    def stands(self) -> bool:
        """Whether it is still theirs: it may have gone on before anybody could be told."""
        held = (self.state.owner, self.state.person)
        return self.state.closed_at is None and held == (self.owner, self.person)


def handed(event: int) -> Handed | None:
    """None when there is no such event; one query."""
    row = CaseEvent.objects.select_related("case").filter(pk=event).first()
    if row is None:
        return None
    state = to_state(row.case)
    return Handed(
        kind=row.kind,
        by=row.person,
        owner=row.data.get("owner", state.owner),
        person=row.data.get("person"),
        district=row.district_id,
        case=row.case_id,
        number=row.case.number,
        state=state,
    )

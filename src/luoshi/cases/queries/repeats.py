"""Replies in the words of an earlier one, as far as the one who asks may see that case."""

from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.gather import World
from luoshi.cases.models import Reply
from luoshi.cases.queries.seen import seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The earlier reply of the same unit. Who may not see its case learns the day and no more."""

    same: int  # per cent
    at: datetime
    case: int | None
    number: str


def repeat_of(case: int, claim: int, *, person: int, there: World) -> Repeat | None:
    """What the words of this claim repeat; one query, three where they repeat something."""
    row = Reply.objects.filter(case=case, claim=claim, like__isnull=False).first()
    if row is None or row.like is None:
        return None
    other = Reply.objects.select_related("case").get(pk=row.like)
    open_to_him = other.case_id in seen([other.case], person=person, there=there)
    return Repeat(
        same=row.same,
        at=other.at,
        case=other.case_id if open_to_him else None,
        number=other.case.number if open_to_him else "",
    )

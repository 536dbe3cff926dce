"""What a sender must know to tell one reporter about one event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luoshi.cases.models import CaseEvent, Report
from luoshi.cases.rows import to_state
from luoshi.rules.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An event as it concerns one report. `state` is that of the case now, not at the event.

    `contact` is a vault id, None when the reporter left no way to reach him. `heard`: he has given
    his verdict on the claim that stands. `coded`: he was given a code that opens his report.
    """

    kind: str
    seat: str  # of whoever did it
    data: Mapping[str, Any]
    district: int
    case: int
    state: State
    report: int
    number: str
    language: str
    confidential: bool
    contact: int | None
    reachable: bool
    heard: bool
    coded: bool


def notice(*, event: int, report: int) -> Notice | None:
    """The event for the report; None when either is unknown. Two queries."""
    happened = CaseEvent.objects.select_related("case").filter(pk=event).first()
    row = Report.objects.filter(pk=report).first()
    if happened is None or row is None:
        return None
    state = to_state(happened.case)
    return Notice(
        kind=happened.kind,
        seat=happened.seat,
        data=happened.data,
        district=row.district_id,
        case=happened.case_id,
        state=state,
        report=row.pk,
        number=row.number,
        language=row.language,
        confidential=row.track == "confidential",
        contact=row.contact,
        reachable=row.reachable,
        heard=row.verdict in {"solved", "unsolved"} and row.verdict_claim == state.claims,
        coded=row.code_hash is not None,
    )

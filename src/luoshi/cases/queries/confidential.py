"""What an inspector needs to open a confidential report, and what nobody accused may count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from luoshi.cases.models import Case, Report
from luoshi.rules.state import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedReport:
    """A confidential report. `text` is its id in the vault, for `vault.reveal`; None without."""

    id: int
    case: int
    number: str
    door: str
    received_at: datetime
    text: int | None


def sealed_report(report: int) -> SealedReport | None:
    """A confidential report; None for an ordinary one. Whether the asker may see it is `may_open`
    of its case. One query."""
    row = Report.objects.filter(pk=report, track="confidential").first()
    return _sealed(row) if row else None


def sealed_reports(cases: Iterable[int]) -> dict[int, tuple[SealedReport, ...]]:
    """The confidential reports of each of these cases, oldest first; one query."""
    found: dict[int, tuple[SealedReport, ...]] = {}
    for row in Report.objects.filter(case__in=list(cases), track="confidential").order_by("pk"):
        found[row.case_id] = (*found.get(row.case_id, ()), _sealed(row))
    return found


def hidden_from(units: Iterable[int], district: int) -> frozenset[int]:
    """Open cases in which one of these units is accused: their people may not see them, not even
    as a number beside a list. One query."""
    mine = set(units)
    rows = Case.objects.filter(~Q(status=Status.CLOSED), district_id=district).exclude(accused=[])
    return frozenset(case for case, blamed in rows.values_list("pk", "accused") if mine & {*blamed})


def _sealed(row: Report) -> SealedReport:
    return SealedReport(
        id=row.pk,
        case=row.case_id,
        number=row.number,
        door=row.door,
        received_at=row.received_at,
        text=row.text,
    )

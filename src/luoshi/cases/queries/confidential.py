"""What an inspector needs to open a confidential report, and what nobody accused may count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.models import Case, CaseEvent, Report
from luoshi.rules.state import Seat


@dataclass(frozen=True, slots=True)
class SealedWords:
    kind: str
    at: datetime
    text: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedReport:
    """A confidential report. `words` are the ids in the vault of all that its reporter wrote, with
    the kind of event and the time, the report itself first; for `vault.reveal`."""

    id: int
    case: int
    number: str
    door: str
    received_at: datetime
    words: tuple[SealedWords, ...]


def sealed_report(report: int) -> SealedReport | None:
    """A confidential report; None for an ordinary one. Whether the asker may see it is `may_open`
    of its case. Two queries."""
    row = Report.objects.filter(pk=report, track="confidential").first()
    return _sealed(row, _later_words([row.case_id])) if row else None


def sealed_reports(cases: Iterable[int]) -> dict[int, tuple[SealedReport, ...]]:
    """The confidential reports of each of these cases, oldest first; two queries."""
    found: dict[int, tuple[SealedReport, ...]] = {}
    wanted = list(cases)
    later = _later_words(wanted)
    for row in Report.objects.filter(case__in=wanted, track="confidential").order_by("pk"):
        found[row.case_id] = (*found.get(row.case_id, ()), _sealed(row, later))
    return found


def hidden_from(units: Iterable[int], district: int) -> frozenset[int]:
    """Open cases in which one of these units is accused: their people may not see them, not even
    as a number beside a list. One query."""
    mine = set(units)
    # As the index says it: closed_at is there exactly while a case is closed.
    rows = Case.objects.filter(district_id=district, closed_at=None).exclude(accused=[])
    return frozenset(case for case, blamed in rows.values_list("pk", "accused") if mine & {*blamed})


def _later_words(cases: list[int]) -> dict[int, tuple[SealedWords, ...]]:
    """What reporters of these cases wrote after their report, by report."""
    found: dict[int, tuple[SealedWords, ...]] = {}
    events = CaseEvent.objects.filter(case__in=cases, seat=Seat.REPORTER).order_by("case", "seq")
    for kind, at, data in events.values_list("kind", "at", "data"):
        if data.get("text"):
            said = SealedWords(kind, at, data["text"])
            found[data["report"]] = (*found.get(data["report"], ()), said)
    return found


def _sealed(row: Report, later: dict[int, tuple[SealedWords, ...]]) -> SealedReport:
    first = (SealedWords("received", row.received_at, row.text),) if row.text else ()
    return SealedReport(
        id=row.pk,
        case=row.case_id,
        number=row.number,
        door=row.door,
        received_at=row.received_at,
        words=(*first, *later.get(row.pk, ())),
    )

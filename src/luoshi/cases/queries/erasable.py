"""What a lawful erasure can destroy of reports, and where the vault keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from luoshi.cases.models import CaseEvent, Picture, Report
from luoshi.rules.state import Seat, Status
from luoshi.trust import vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasable:
    """What is still there: vault ids of the `contact` and of `words` that the reporter wrote, and
    the number of `pictures` that he sent."""

    report: int

    number: str
    case: int
    case_number: str
    closed: bool
    contact: int | None
    words: tuple[int, ...]
    pictures: int


def erasable(number: str, *, district: int) -> Erasable | None:
    """The report with this number; None when there is none. Four queries."""
    row = Report.objects.select_related("case").filter(district_id=district, number=number).first()
    if row is None:
        return None
    said = CaseEvent.objects.filter(case=row.case_id, seat=Seat.REPORTER).order_by("seq")
    later = [data for data in said.values_list("data", flat=True) if data.get("report") == row.pk]
    words = [row.text, *(data.get("text") for data in later)]
    there = vault.kept(id for id in (row.contact, *words) if id)
    return Erasable(
        report=row.pk,
        number=row.number,
        case=row.case_id,
        case_number=row.case.number,
        closed=row.case.status == Status.CLOSED,
        contact=row.contact if row.contact in there else None,
        words=tuple(id for id in dict.fromkeys(words) if id in there),
        pictures=Picture.objects.filter(report=row.pk, erased_at=None).count(),
    )


def contacts_closed_before(moment: datetime, *, district: int) -> Iterator[list[int]]:
    """Contacts that are still there of reports whose case was closed before, a thousand at most
    at once. A case that was reopened is not closed."""
    rows = Report.objects.filter(
        district_id=district, case__status=Status.CLOSED, case__closed_at__lt=moment
    ).exclude(contact=None)
    last = 0
    while found := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", "contact")[:1000]
    ):
        last = found[-1][0]
        if there := sorted(vault.kept(contact for _, contact in found if contact)):
            yield there

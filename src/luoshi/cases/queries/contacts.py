"""Where the vault keeps what may be revealed of a report, and nothing of what is in it."""

from dataclasses import dataclass

from django.db.models import Q

from luoshi.cases.models import Case, Report


@dataclass(frozen=True, slots=True)
class Sealed:
    """The vault id of a report's contact, None without one, and whether its words are sealed."""

    number: str
    confidential: bool
    contact: int | None


def sealed(*, case: int, report: int) -> Sealed | None:
    """What can be revealed of a report of this case or of one merged into it; one query."""
    merged = Case.objects.filter(merged_into=case).values("pk")
    row = Report.objects.filter(Q(case=case) | Q(case__in=merged), pk=report).first()
    if row is None:
        return None
    return Sealed(row.number, row.track == "confidential", row.contact)


def reports_of_contact(contact: int) -> list[int]:
    """The reports that keep their reporter's contact under this vault id; one query."""
    return list(Report.objects.filter(contact=contact).values_list("pk", flat=True))

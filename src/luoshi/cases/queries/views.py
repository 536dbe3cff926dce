"""The saved views of the list of all cases: each person's own."""

from dataclasses import dataclass

from luoshi.cases.models import SavedView


@dataclass(frozen=True, slots=True)
class View:
    """`query` is what stands behind the question mark of the address."""

    id: int
    name: str
    query: str
    default: bool


def saved_views(district: int, person: int) -> tuple[View, ...]:
    """By name; one query."""
    rows = SavedView.objects.filter(district_id=district, person=person).order_by("name")
    return tuple(View(row.pk, row.name, row.query, row.default) for row in rows)


def default_view(district: int, person: int) -> str | None:
    """The query of the view that he sees when he asks for nothing; one query."""
    rows = SavedView.objects.filter(district_id=district, person=person, default=True)
    return rows.values_list("query", flat=True).first()

"""Working days and terms of a district, as the rules want them."""

from datetime import date

from django.utils import timezone

from luoshi.registry.models import CalendarYear, Holiday, TermRule
from luoshi.rules.deadlines import Calendar, Term, Terms


def calendar(district: int, *, start: date, end: date) -> Calendar:
    """Working days from `start` to `end`, both included, with the years known (two queries)."""
    days = Holiday.objects.filter(district=district, day__range=(start, end))
    years = CalendarYear.objects.filter(district=district, year__range=(start.year, end.year))
    return Calendar(
        tz=timezone.get_default_timezone(),
        working=dict(days.values_list("day", "working")),
        known_years=frozenset(years.values_list("year", flat=True)),
    )


def terms(district: int, on: date) -> Terms:
    """Every term as it stands on that day: the usual ones, and over them those of the district."""
    rows = TermRule.objects.on(on).filter(district=district).order_by("valid_from")
    return Terms(**{row.name: Term(row.hours, row.working_days) for row in rows})

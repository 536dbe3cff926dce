"""Working days and terms of a district, as the rules want them."""

from datetime import date

from django.utils import timezone

from luoshi.infra import direct, kept
from luoshi.rules.deadlines import Calendar, Term, Terms


@kept.by("registry_holiday", "registry_calendaryear")
def calendar(district: int) -> Calendar:
    """Every day that somebody decided about, and the years whose holidays are known."""
    days = direct.select(
        "SELECT day, working FROM registry_holiday WHERE district_id = %s", [district]
    )
    years = direct.select(
        "SELECT year FROM registry_calendaryear WHERE district_id = %s", [district]
    )
    return Calendar(
        tz=timezone.get_default_timezone(),
        working={day: bool(working) for day, working in days},
        known_years=frozenset(year for (year,) in years),
    )


@kept.by("registry_termrule")
def terms(district: int, on: date) -> Terms:
    """Every term as it stands on that day: the usual ones, and over them those of the district."""
    rows = direct.select(
        "SELECT name, hours, working_days FROM registry_termrule WHERE district_id = %s"
        " AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s) ORDER BY valid_from",
        [district, on, on],
    )
    return Terms(**{name: Term(hours, working_days) for name, hours, working_days in rows})

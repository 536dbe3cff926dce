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


def terms(district: int, on: date) -> Terms:
    """Every term as it stands on that day: the usual ones, and over them those of the district."""
    return Terms(
        **{
            name: term
            for name, term, since, until in _terms(district)
            if since <= on and (until is None or on < until)
        }
    )


@kept.by("registry_termrule")
def _terms(district: int) -> tuple[tuple[str, Term, date, date | None], ...]:
    """(name, term, valid from, valid to), the oldest first."""
    rows = direct.select(
        "SELECT name, hours, working_days, valid_from, valid_to FROM registry_termrule"
        " WHERE district_id = %s ORDER BY valid_from",
        [district],
    )
    return tuple(
        (name, Term(hours, working_days), since, until)
        for name, hours, working_days, since, until in rows
    )

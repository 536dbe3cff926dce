"""Holidays and terms."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from luoshi.registry import holidays, words
from luoshi.registry.actions.common import Refused, end
from luoshi.registry.models import CalendarYear, Holiday, TermRule
from luoshi.rules.deadlines import Term


def set_holiday(*, district: int, day: date, working: bool, note: str = "") -> None:
    """Offices work, or do not work, on that day, whatever was published."""
    Holiday.objects.update_or_create(
        district_id=district,
        day=day,
        defaults={"working": working, "note": note, "edited": True},
    )


def complete_year(*, district: int, year: int) -> None:
    """All holidays of that year are entered: deadlines in it are no longer marked as guessed."""
    CalendarYear.objects.get_or_create(district_id=district, year=year)


@transaction.atomic
def seed_holidays(*, district: int) -> frozenset[int]:
    """Take over the published days of every year; days set by hand stay. The years known then."""
    days = holidays.published()
    years = frozenset(day.year for day in days)
    Holiday.objects.filter(district=district, edited=False, day__year__in=years).delete()
    Holiday.objects.bulk_create(
        (
            Holiday(district_id=district, day=day, working=p.working, note=p.note, edited=False)
            for day, p in days.items()
        ),
        ignore_conflicts=True,
    )
    CalendarYear.objects.bulk_create(
        (CalendarYear(district_id=district, year=year) for year in sorted(years)),
        ignore_conflicts=True,
    )
    return years


def set_term(
    *, district: int, name: str, term: Term, valid_from: date, valid_to: date | None = None
) -> int:
    """A term of this district from that day on, or until `valid_to`; its id.

    `name` is a field of rules.deadlines.Terms. Set again for the same day, the last one counts.
    """
    if name not in words.TERM_NAMES:
        raise Refused(_("There is no such term: %(name)s") % {"name": name})
    rule, _created = TermRule.objects.update_or_create(
        district_id=district,
        name=name,
        valid_from=valid_from,
        defaults={
            "hours": term.hours,
            "working_days": term.working_days,
            "valid_to": valid_to,
        },
    )
    return rule.pk


def end_term(*, term: int, on: date) -> None:
    """The usual term, or the one before, holds again from that day on."""
    end(TermRule.objects.filter(pk=term), on)

"""Due times as people outside the office say them.

A term of working days ends at 24:00 of its last day. Shown as 00:00 of the day after, it would
be read as one day more.
"""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_datetime
from django.utils import timezone
from django.utils.translation import get_language, pgettext


def until(at: datetime, *, year: bool = True) -> str:
    """The end of 27 May 2026; 27 May 2026, 14:05; without the year where space is dear."""
    local = timezone.localtime(at)
    if local.time() == time.min:
        day = _day(local.date() - timedelta(days=1), year)
        return pgettext("a moment", "the end of %(day)s") % {"day": day}
    clock = format_datetime(local, "HH:mm", locale=_locale())
    return pgettext("a moment", "%(day)s, %(time)s") % {
        "day": _day(local.date(), year),
        "time": clock,
    }


def _day(day: date, year: bool) -> str:
    if _locale() == "zh_Hans":
        return format_date(day, "y年M月d日" if year else "M月d日", locale="zh_Hans")
    return format_date(day, "d MMMM y" if year else "d MMMM", locale="en_GB")


def _locale() -> str:
    return "zh_Hans" if (get_language() or "zh").startswith("zh") else "en_GB"

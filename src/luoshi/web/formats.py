"""Times and numbers as a reader sees them, in the language and the time zone of the page."""

from datetime import date as Date
from datetime import datetime as DateTime
from datetime import time as Time
from datetime import timedelta
from typing import Literal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

TimeState = Literal["none", "good", "warn", "bad"]

SOON = timedelta(days=1)
"""From here on a deadline is shown as close."""


def _locale() -> str:
    return "zh_Hans_CN" if (get_language() or "zh").startswith("zh") else "en_GB"


def _pattern(zh: str, en: str) -> str:
    return zh if _locale().startswith("zh") else en


def _local(at: DateTime) -> DateTime:
    return timezone.localtime(at)


def date(at: Date | DateTime | None) -> str:
    """2020年4月28日, or 28 April 2020. In the local time zone; None gives a dash."""
    if at is None:
        return "—"
    day = _local(at) if isinstance(at, DateTime) else at
    return format_date(day, _pattern("y年M月d日", "d MMMM y"), locale=_locale())


def datetime(at: DateTime | None) -> str:
    """2020年4月28日 14:05, or 28 April 2020, 14:05. None gives a dash."""
    if at is None:
        return "—"
    pattern = _pattern("y年M月d日 HH:mm", "d MMMM y, HH:mm")
    return format_datetime(_local(at), pattern, locale=_locale())


def until(at: DateTime | None) -> str:
    """The end of a term as offices say it: one that ends at midnight ends at 24:00 of its day."""
    if at is None or _local(at).time() != Time(0):
        return datetime(at)
    day = date(at - timedelta(minutes=1))
    return _pattern(f"{day} 24:00", f"{day}, 24:00")


def last_minute(at: DateTime | None) -> DateTime | None:
    """The end of a term for a cell that holds a time, where 24:00 cannot be written: one that ends
    at midnight ends at 23:59, so that the cell shows the day that the page shows."""
    if at is None or _local(at).time() != Time(0):
        return at
    return at - timedelta(minutes=1)


def clock(at: DateTime | None) -> str:
    """14:05, for a list that already shows the day."""
    return "—" if at is None else format(_local(at), "%H:%M")


def isotime(at: DateTime) -> str:
    """For the datetime attribute of <time>."""
    return _local(at).isoformat(timespec="seconds")


def number(value: float) -> str:
    """With the separators of the language: 24,166."""
    return str(format_decimal(value, locale=_locale()))


def nowrap(text: object) -> Markup:
    """For numbers of cases and other short marks that must not break over two lines."""
    return Markup('<span class="nowrap num">{}</span>').format(text)


def duration(span: timedelta) -> str:
    """The two largest units that say something: 2 days 3 hours, 4 hours, 12 minutes."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = []
    if days:
        parts.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if minutes % 60 and not days and hours < 6:
        n = minutes % 60
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n})
    return " ".join(parts) or _("less than 1 minute")


def timeleft(at: DateTime, now: DateTime) -> str:
    """How long until `at`, or since when it is over: 2 days 3 hours left, 4 hours overdue."""
    if at >= now:
        return _("%(time)s left") % {"time": duration(at - now)}
    return _("%(time)s overdue") % {"time": duration(now - at)}


def time_state(at: DateTime | None, now: DateTime) -> TimeState:
    """The colour of a deadline; whoever shows it also shows it in words."""
    if at is None:
        return "none"
    if at < now:
        return "bad"
    return "warn" if at - now <= SOON else "good"

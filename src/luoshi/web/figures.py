"""The figures of a district on any page: counts with their n, no rate over a few."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luoshi.cases.figures import district_figures
from luoshi.rules.figures import PUBLIC_N, Figures, Rate

DAYS = 90
KEPT = 600
"""Seconds. Reckoning goes through every case of the period, which no page should wait for twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`means`: what is counted, in plain words."""

    label: str | Promise
    value: str
    note: str | Promise = ""
    means: str | Promise = ""


def reckoned(district: int, now: datetime) -> tuple[datetime, Figures]:
    """Over the cases received in the last 90 days, and when that was reckoned: at most once in ten
    minutes."""
    key = f"figures:{district}"
    kept: tuple[datetime, Figures] | None = cache.get(key)
    if kept is None:
        kept = (now, district_figures(district, since=now - timedelta(days=DAYS), until=now))
        cache.set(key, kept, KEPT)
    return kept


def rate(found: Rate) -> str:
    """ "7 of 9" for a few; from thirty on also the percentage."""
    percent = found.percent(at_least=PUBLIC_N)
    if percent is None:
        return counts(found)
    return _("%(percent)s%% (%(counts)s)") % {"percent": percent, "counts": counts(found)}


def counts(found: Rate) -> str:
    """7 of 9."""
    return _("%(count)s of %(of)s") % {"count": found.count, "of": found.of}


def coverage(found: Rate) -> str:
    """How many answers stand behind a figure that only those who answered can give."""
    if found.asked is None:
        return ""
    return _("answers from %(answered)s of the %(asked)s cases in which somebody was asked") % {
        "answered": found.answered,
        "asked": found.asked,
    }
